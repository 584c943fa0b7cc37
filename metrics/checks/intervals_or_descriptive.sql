-- Every value has an interval or the word descriptive; accounts have no words, so theirs have intervals.
select m.person_id, m.metric, m.phase, m.value, m.word
from metric m
where m.value is not null and m.low is null and coalesce(m.word, '') <> 'descriptive'
union all
select a.person_id, a.metric, a.phase, a.value, null as word
from account_metric a
where a.value is not null and a.low is null
