-- topic_raised: topics that at least three citizens raised within 28 days, and whether the person took them up.
-- grain: person, topic and day
-- columns:
--   person_id: person
--   topic: topic
--   from_on: day on which enough citizens had raised it
--   asker_count: citizens who raised it in the 28 days up to that day and the 28 after it; null below ten
--   is_picked_up: an own act in the 28 days after it is about the topic; null where not all of them are known, read and off-season
with near as (
    select e.person_key, e.bit, e.day, count(distinct r.asker_key) as asker_count
    from stat_topic_raised e
    cross join params p
    join raised r
        on r.person_key = e.person_key and (r.topic_bits & e.bit) > 0
        and r.day between e.day - p.topic_days + 1 and e.day + p.topic_days
    group by e.person_key, e.bit, e.day
)
select
    w.person_id,
    t.topic,
    date '1970-01-01' + e.day as from_on,
    case when n.asker_count >= p.citizen_count then n.asker_count end as asker_count,
    e.is_picked_up
from stat_topic_raised e
cross join params p
join people w on w.person_key = e.person_key
join topic t on t.bit = e.bit
left join near n on n.person_key = e.person_key and n.bit = e.bit and n.day = e.day
order by w.person_id, t.topic, e.day
