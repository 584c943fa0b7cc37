-- raised_trigger: days on which a topic was raised and enough citizens had raised it of late.
-- grain: person, topic and day on which it was raised
-- columns:
--   person_key: person
--   bit: the topic's bit
--   day: local day (days since 1970-01-01)
with named as (
    select distinct r.person_key, t.bit, r.day, r.asker_key
    from raised r
    join topic t on (r.topic_bits & t.bit) > 0
),
followed as (
    select
        n.person_key, n.bit, n.day,
        lead(n.day) over (
            partition by n.person_key, n.bit, n.asker_key order by n.day) as next_day
    from named n
),
step as (
    select f.person_key, f.bit, f.day, 1 as size, 1 as is_raised
    from followed f
    union all
    select
        f.person_key, f.bit,
        least(f.day + p.topic_days, coalesce(f.next_day, f.day + p.topic_days)) as day, -1 as size, 0 as is_raised
    from followed f
    cross join params p
),
level as (
    select
        s.person_key, s.bit, s.day,
        sum(sum(s.size)) over (partition by s.person_key, s.bit order by s.day) as asker_count,
        max(s.is_raised) as is_raised
    from step s
    group by s.person_key, s.bit, s.day
)
select v.person_key, v.bit, v.day
from level v
cross join params p
where v.is_raised = 1 and v.asker_count >= p.topic_askers
