-- raised_topic: topics that enough citizens raised of late or before, and the person's own acts about them.
-- grain: person and topic
-- columns:
--   person_key: person
--   topic: topic
--   day: last day on which enough citizens had raised it (days since 1970-01-01)
--   act_count: own acts on known days that are about it
with touched as (
    select d.person_key, t.bit, sum(d.act_count) as act_count
    from topic_day d
    join topic t on (d.topic_bits & t.bit) > 0
    group by d.person_key, t.bit
),
last_raised as (
    select r.person_key, r.bit, max(r.day) as day
    from raised_trigger r
    group by r.person_key, r.bit
)
select
    r.person_key, t.topic, r.day,
    cast(coalesce(w.act_count, 0) as bigint) as act_count
from last_raised r
join topic t on t.bit = r.bit
left join touched w on w.person_key = r.person_key and w.bit = r.bit
