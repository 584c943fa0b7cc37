-- A copy says once where it comes from.
select count(*) as n
from run r
having count(*) <> 1
