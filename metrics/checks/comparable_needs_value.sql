-- Only what has a value can be compared.
select m.person_id, m.metric, m.phase
from metric m
where m.is_comparable and m.value is null
