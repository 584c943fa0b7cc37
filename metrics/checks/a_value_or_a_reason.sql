-- A metric has a value or the reason why not, never both and never neither.
select m.person_id, m.metric, m.phase, m.value, m.reason
from metric m
where (m.value is null) = (m.reason is null)
