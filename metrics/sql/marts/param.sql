-- param: the choices behind the numbers of this copy.
-- grain: choice
-- columns:
--   name: name of the choice
--   value: its value in this copy
--   description: what it decides
select s.name, s.value, s.description
from stat_param s
order by s.name
