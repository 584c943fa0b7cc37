-- comeback: citizens who wrote again in a thread after the person had replied to them there.
-- grain: person, citizen, thread and the replies that came before; what comes between two replies is one comeback
-- columns:
--   person_key: person
--   partner_key: keyed hash of the citizen
--   root_key: first item of the thread
--   day: local day on which the citizen came back (days since 1970-01-01)
--   reply_seconds: from then to the person's next reply to the citizen in the thread; null: none
with talk as (
    select a.person_key, a.root_key, a.partner_key, a.at as at
    from act a
    join own_account r on r.account_key = a.account_key
    where r.shows_replies and a.partner_class = 'citizen'
),
begun as (
    select t.person_key, t.root_key, t.partner_key, min(t.at) as began_at
    from talk t
    group by t.person_key, t.root_key, t.partner_key
),
back as (
    select r.person_key, r.root_key, r.asker_key as partner_key, r.at as at, r.day
    from received_item r
    join begun b
        on b.person_key = r.person_key and b.root_key = r.root_key and b.partner_key = r.asker_key
        and b.began_at < r.at
    where not r.is_abuse and not r.is_spam
),
thread as (
    select distinct b.person_key, b.root_key, b.partner_key
    from back b
),
line as (
    select
        b.person_key, b.root_key, b.partner_key, b.at as at, b.day, 0 as is_talk,
        cast(null as bigint) as talked_at
    from back b
    union all
    select
        t.person_key, t.root_key, t.partner_key, t.at as at, cast(null as integer) as day, 1 as is_talk,
        t.at as talked_at
    from talk t
    join thread h
        on h.person_key = t.person_key and h.root_key = t.root_key and h.partner_key = t.partner_key
),
placed as (
    select
        l.*,
        sum(l.is_talk) over (partition by l.person_key, l.root_key, l.partner_key order by l.at
            range between unbounded preceding and 1 preceding) as talks_before,
        min(l.talked_at) over (partition by l.person_key, l.root_key, l.partner_key order by l.at
            range between 1 following and unbounded following) as next_talk_at
    from line l
)
select
    p.person_key,
    p.partner_key,
    p.root_key,
    min(p.day) as day,
    min(p.next_talk_at) - min(p.at) as reply_seconds
from placed p
where p.is_talk = 0
group by p.person_key, p.partner_key, p.root_key, p.talks_before
