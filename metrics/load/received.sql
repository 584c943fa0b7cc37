-- What others wrote: the last word per item, once per person, on the writer's earliest day.
create or replace temp table heard_again as
select item_key
from store.received
group by item_key
having count(*) > 1;

create or replace temp table heard_twice as
select a.person_key, r.item_key
from store.received r
semi join heard_again using (item_key)
join account_zone a using (account_id)
group by a.person_key, r.item_key
having count(distinct a.account_key) > 1;

create or replace temp table heard as
with ranked as (
    select
        r.*,
        min(r.seen_at) over (partition by r.account_id, r.item_key) as first_seen_at,
        row_number() over (
            partition by r.account_id, r.item_key
            order by r.seen_at desc, r.is_deleted, r.run_id desc, r.created_at, r.root_key
        ) as place
    from store.received r
    semi join heard_again using (item_key)
),
last_word as (
    select r.*, r.seen_at as first_seen_at
    from store.received r
    anti join heard_again using (item_key)
    union all
    select r.* exclude (place)
    from ranked r
    where r.place = 1
),
said as (
    select w.*, json_extract_string(w.features, ['$.label', '$.tone', '$.topics']) as said
    from last_word w
),
mine as (
    select
        a.account_key, a.person_key, a.timezone, w.item_key, w.created_at, w.indexed_at,
        w.asker_key, w.parent_key, w.root_key, w.is_question, w.is_abuse, w.similarity_key,
        w.is_mention, w.first_seen_at, w.lang,
        cast(round(1000 * try_cast(w.said[2] as double)) as integer) as tone_score,
        case when w.said[1] is not null then w.said[3] end as topics
    from said w
    join account_zone a using (account_id)
),
once as (
    select m.*
    from mine m
    anti join heard_twice using (person_key, item_key)
    union all
    select m.*
    from mine m
    semi join heard_twice using (person_key, item_key)
    qualify row_number() over (partition by m.person_key, m.item_key order by m.account_key) = 1
),
timed as (
    select
        o.* exclude (created_at, indexed_at),
        epoch_us(least(o.created_at, o.indexed_at)) // 1000000 as moment,
        coalesce(o.created_at < o.indexed_at - interval 24 hour, false) as is_early
    from once o
)
select
    t.* exclude (timezone),
    ((t.moment + case when t.moment >= z.change_at then z.offset_after else z.offset_before end)
        // 86400)::integer as day
from timed t
left join zone_day z on z.timezone = t.timezone and z.utc_day = t.moment // 86400;

-- What names the person elsewhere no walk sees: only a live stream proves its days.
create or replace temp table heard_on as
select
    h.account_key, h.item_key, h.day, h.first_seen_at,
    case when h.is_mention and o.post_key is null then 'mentions' else 'received' end as stream
from heard h
left join observed o on o.account_key = h.account_key and o.post_key = h.parent_key;

create or replace temp table heard_late as
select account_key, item_key from known_without('heard_on');

insert into received by name
select
    h.account_key, h.person_key, h.item_key, h.moment as "at", h.day, h.asker_key, h.parent_key,
    coalesce(h.root_key, h.item_key) as root_key, h.is_question, h.is_abuse, h.similarity_key,
    h.is_early or l.item_key is not null as is_backdated,
    topic_bits(h.topics) as topic_bits, h.tone_score, h.lang
from heard h
left join heard_late l on l.account_key = h.account_key and l.item_key = h.item_key;
