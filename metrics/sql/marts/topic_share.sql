-- topic_share: what citizens raise and what the person posts about, off-season; descriptive.
-- grain: person and topic, for everybody with a topic on either side
-- columns:
--   person_id: person
--   topic: topic
--   raised_count: items of citizens about it; null where fewer than ten citizens raised it
--   raised_askers: different citizens who raised it; null below ten
--   raised_share: of the items of citizens that are about a topic; null where fewer than ten citizens raised it
--   posted_count: own acts about it on known days
--   posted_share: of the own acts that are about a topic; null where there is none
with raised_off as (
    select r.person_key, r.asker_key, r.topic_bits, r.item_count
    from raised r
    where r.phase = 'off_season'
),
raised_topic as (
    select
        r.person_key, t.topic, sum(r.item_count) as item_count,
        count(distinct r.asker_key) as asker_count
    from raised_off r
    join topic t on (r.topic_bits & t.bit) > 0
    group by r.person_key, t.topic
),
raised_sum as (
    select r.person_key, sum(r.item_count) as item_count
    from raised_off r
    group by r.person_key
),
posted_off as (
    select d.person_key, d.topic_bits, sum(d.act_count) as act_count
    from topic_day d
    where d.phase = 'off_season'
    group by d.person_key, d.topic_bits
),
posted_topic as (
    select d.person_key, t.topic, sum(d.act_count) as act_count
    from posted_off d
    join topic t on (d.topic_bits & t.bit) > 0
    group by d.person_key, t.topic
),
posted_sum as (
    select d.person_key, sum(d.act_count) as act_count
    from posted_off d
    group by d.person_key
),
somebody as (
    select r.person_key from raised_sum r
    union
    select d.person_key from posted_sum d
)
select
    w.person_id,
    t.topic,
    case when r.asker_count >= p.citizen_count then cast(r.item_count as bigint) end as raised_count,
    case when r.asker_count >= p.citizen_count then r.asker_count end as raised_askers,
    case when r.asker_count >= p.citizen_count
        then r.item_count * cast(1 as double) / nullif(rs.item_count, 0) end as raised_share,
    cast(coalesce(d.act_count, 0) as bigint) as posted_count,
    coalesce(d.act_count, 0) * cast(1 as double) / nullif(ds.act_count, 0) as posted_share
from somebody s
join people w on w.person_key = s.person_key
cross join topic t
cross join params p
left join raised_topic r on r.person_key = s.person_key and r.topic = t.topic
left join raised_sum rs on rs.person_key = s.person_key
left join posted_topic d on d.person_key = s.person_key and d.topic = t.topic
left join posted_sum ds on ds.person_key = s.person_key
order by w.person_id, t.topic
