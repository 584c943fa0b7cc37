-- The last word on every own item, when it was first seen, and its local day.
-- Most keys stand once: what follows is for the others, whichever account they are of.
create or replace temp table seen_again as
select post_key
from store.post
group by post_key
having count(*) > 1;

create or replace temp table observed as
with ranked as (
    select
        p.*,
        min(p.seen_at) over (partition by p.account_id, p.post_key) as first_seen_at,
        row_number() over (
            partition by p.account_id, p.post_key
            order by p.seen_at desc, p.is_deleted desc, p.run_id desc, p.created_at, p.kind, p.root_key
        ) as place
    from store.post p
    semi join seen_again using (post_key)
),
last_word as (
    select p.*, p.seen_at as first_seen_at
    from store.post p
    anti join seen_again using (post_key)
    union all
    select r.* exclude (place)
    from ranked r
    where r.place = 1
),
said as (
    select w.* exclude (text), json_extract_string(w.features, [
        '$.is_redirect', '$.label', '$.asks_public', '$.promise', '$.tone', '$.topics']) as said
    from last_word w
),
timed as (
    select
        a.account_key, a.person_key, a.timezone, w.post_key, w.kind, w.parent_key, w.root_key,
        w.partner_key, w.merge_key, w.first_seen_at,
        epoch_us(least(w.created_at, w.indexed_at)) // 1000000 as moment,
        coalesce(w.created_at < w.indexed_at - interval 24 hour, false) as is_early,
        w.kind in ('reply', 'quote') and coalesce(try_cast(w.said[1] as boolean), false) as is_redirect,
        w.said[2] as label, w.said[3] = 'true' as asks_public, w.said[4] = 'true' as promise,
        cast(round(1000 * try_cast(w.said[5] as double)) as integer) as tone_score,
        case when w.said[2] is not null then w.said[6] end as topics,
        w.lang, w.answer_keys,
        -- stores of before say false where the platform tells nothing
        case when w.is_restricted or a.platform in ('bluesky', 'mastodon', 'wordpress', 'x')
            then w.is_restricted end as is_restricted
    from said w
    join account_zone a using (account_id)
)
select
    t.* exclude (timezone),
    ((t.moment + case when t.moment >= z.change_at then z.offset_after else z.offset_before end)
        // 86400)::integer as day
from timed t
left join zone_day z on z.timezone = t.timezone and z.utc_day = t.moment // 86400;

-- Texts of five different words or more that a person gave as an answer three times or more.
create or replace temp table boilerplate as
with repeated as (
    select person_key, merge_key
    from observed
    where kind in ('reply', 'quote') and merge_key is not null
    group by person_key, merge_key
    having count(*) >= 3
)
select distinct r.person_key, r.merge_key
from repeated r
join account_zone a using (person_key)
join store.post p using (account_id, merge_key)
where len(list_distinct(regexp_extract_all(lower(p.text), '\p{L}{3,}'))) >= 5;

-- Answers that share a key with another of their person, found below.
create or replace temp table shared_answer (
    person_key integer, account_key integer, post_key bigint
);
