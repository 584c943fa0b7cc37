-- day: what a person did and received on each day on which there was something.
-- grain: person and day
-- columns:
--   person_id: person
--   on_day: local day
--   own_acts: posts, replies, quotes (and items of unknown kind)
--   posts: posts
--   replies: replies to somebody else
--   citizen_replies: of these, to citizens
--   quotes: quotes
--   reposts: reposts
--   threads: later items of own threads
--   received: items by citizens; items, not people (one citizen may have written them all), so small counts stand, as below the line of answering; an edition leaves them empty
--   questions: of these, questions and requests
with done as (
    select
        a.person_key, a.day,
        count(case when a.is_own then 1 end) as own_acts,
        count(case when a.kind = 'post' then 1 end) as posts,
        count(case when a.kind = 'reply' then 1 end) as replies,
        count(case when a.partner_class = 'citizen' then 1 end) as citizen_replies,
        count(case when a.kind = 'quote' then 1 end) as quotes,
        count(case when a.kind = 'repost' then 1 end) as reposts,
        count(case when a.kind = 'thread' then 1 end) as threads
    from act a
    where a.phase is not null
    group by a.person_key, a.day
),
heard as (
    select
        r.person_key, r.day,
        count(*) as received,
        count(case when r.is_question then 1 end) as questions
    from received_item r
    cross join params p
    where r.is_citizen and r.day >= p.start_day and r.day < p.end_day
    group by r.person_key, r.day
)
select
    p.person_id,
    date '1970-01-01' + coalesce(d.day, h.day) as on_day,
    cast(coalesce(d.own_acts, 0) as integer) as own_acts,
    cast(coalesce(d.posts, 0) as integer) as posts,
    cast(coalesce(d.replies, 0) as integer) as replies,
    cast(coalesce(d.citizen_replies, 0) as integer) as citizen_replies,
    cast(coalesce(d.quotes, 0) as integer) as quotes,
    cast(coalesce(d.reposts, 0) as integer) as reposts,
    cast(coalesce(d.threads, 0) as integer) as threads,
    cast(coalesce(h.received, 0) as integer) as received,
    cast(coalesce(h.questions, 0) as integer) as questions
from done d
full outer join heard h on h.person_key = d.person_key and h.day = d.day
join people p on p.person_key = coalesce(d.person_key, h.person_key)
order by p.person_key, coalesce(d.day, h.day)
