-- raised_trigger: days on which enough citizens have raised a topic of late; of one day no more askers are compared than are needed.
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
ranked as (
    select
        n.*,
        row_number() over (
            partition by n.person_key, n.bit, n.day order by n.asker_key) as place
    from named n
),
first_asker as (
    select k.person_key, k.bit, k.day, k.asker_key, d.block
    from ranked k
    join days d on d.day = k.day
    cross join params p
    where k.place <= p.topic_askers
),
near as (
    select s.person_key, s.bit, s.day, s.asker_key, s.block
    from first_asker s
    union all
    select s.person_key, s.bit, s.day, s.asker_key, s.block + 1 as block
    from first_asker s
),
on_day as (
    select distinct s.person_key, s.bit, s.day, s.block
    from first_asker s
)
select o.person_key, o.bit, o.day
from on_day o
cross join params p
join near n
    on n.person_key = o.person_key and n.bit = o.bit and n.block = o.block
    and n.day between o.day - p.topic_days + 1 and o.day
group by o.person_key, o.bit, o.day
having count(distinct n.asker_key) >= max(p.topic_askers)
