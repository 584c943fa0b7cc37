-- raised_topic: topics that enough citizens raised of late or before, and whether the person wrote about them.
-- grain: person and topic
-- columns:
--   person_key: person
--   topic: topic
--   day: last day on which enough citizens had raised it (days since 1970-01-01)
--   has_act: an own act on a known day is about it
with touched as (
    select distinct d.person_key, t.bit
    from topic_day d
    join topic t on (d.topic_bits & t.bit) > 0
),
last_raised as (
    select r.person_key, r.bit, max(r.day) as day
    from raised_trigger r
    group by r.person_key, r.bit
)
select r.person_key, t.topic, r.day, w.bit is not null as has_act
from last_raised r
join topic t on t.bit = r.bit
left join touched w on w.person_key = r.person_key and w.bit = r.bit
