-- act: items of a person's own accounts on days the account was valid, named as METHOD 0.8 names them.
-- grain: item; cross-posted copies and backdated items are left out
-- columns:
--   account_key: account
--   person_key: person
--   post_key: item
--   at: moment (seconds since 1970-01-01, UTC)
--   day: local day (days since 1970-01-01)
--   kind: post, thread, reply, quote, repost or unknown
--   is_own: counts as an own act (post, reply, quote; unknown too, for it is one of these or a thread)
--   partner_class: of a reply, whom it answers: citizen, politician, party, media, organisation, own or unknown
--   partner_key: keyed hash of whom it answers or quotes
--   root_key: first item of its thread; a quote begins its own
--   phase: season, aftermath, off_season or other_season; null outside the window
--   exposed_run: run of eligible, covered days it falls in; null: none, the item counts in no rate
--   is_restricted: the person limited who may reply; null: the source does not tell
--   label: what its text is; null: never read
--   asks_public: it asks the public something
--   promise: it undertakes something
--   topic_bits: sum of the bits of its topics
--   tone_score: its tone in thousandths; null: no evaluated list for its language
with named as (
    select
        p.account_key, p.person_key, p.post_key, p.at as at, p.day, p.partner_key, p.is_crosspost,
        p.is_restricted, p.label, p.asks_public, p.promise, p.topic_bits, p.tone_score,
        case when p.kind = 'quote' then p.post_key else coalesce(p.root_key, p.post_key) end as root_key,
        case
            when p.kind <> 'self_reply' then p.kind
            when p.at - p.parent_at between 0 and c.thread_seconds then 'thread'
            else 'post'
        end as kind
    from posts p
    cross join params c
    where p.day is not null and not coalesce(p.is_backdated, false)
)
select
    n.account_key,
    n.person_key,
    n.post_key,
    n.at as at,
    n.day,
    n.kind,
    n.kind in ('post', 'reply', 'quote', 'unknown') as is_own,
    case
        when n.kind <> 'reply' then null
        when n.partner_key is null then 'unknown'
        else coalesce(mine.class, known.class, 'citizen')
    end as partner_class,
    n.partner_key,
    n.root_key,
    s.phase,
    s.exposed_run,
    n.is_restricted,
    n.label,
    coalesce(n.asks_public, false) as asks_public,
    coalesce(n.promise, false) as promise,
    n.topic_bits,
    n.tone_score
from named n
join own_account a
    on a.account_key = n.account_key and n.day between a.first_day and a.last_day
left join partner_class mine
    on mine.partner_key = n.partner_key and mine.person_key = n.person_key
left join partner_class known
    on known.partner_key = n.partner_key and known.person_key = 0
left join person_segment s
    on s.person_key = n.person_key and n.day between s.first_day and s.last_day
where not (n.kind = 'post' and coalesce(n.is_crosspost, false))
