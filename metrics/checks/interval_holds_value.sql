-- An interval holds its value, and stands or falls with it.
select m.person_id, m.metric, m.phase, m.low, m.value, m.high
from metric m
where m.low > m.value or m.high < m.value or (m.low is null) <> (m.high is null)
    or (m.value is null and m.low is not null)
