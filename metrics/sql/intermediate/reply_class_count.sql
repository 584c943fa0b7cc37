-- reply_class_count: off-season replies by the class of whom they answer.
-- grain: person with at least one reply to somebody whose class is known
-- columns:
--   person_key: person
--   citizen_count: replies to citizens
--   politician_count: replies to politicians
--   party_count: replies to parties
--   media_count: replies to media
--   organisation_count: replies to organisations
--   thread_squares: sum over threads of the squared number of these replies
with thread as (
    select
        a.person_key, a.root_key,
        count(*) as reply_count,
        sum(case when a.partner_class = 'citizen' then 1 else 0 end) as citizen_count,
        sum(case when a.partner_class = 'politician' then 1 else 0 end) as politician_count,
        sum(case when a.partner_class = 'party' then 1 else 0 end) as party_count,
        sum(case when a.partner_class = 'media' then 1 else 0 end) as media_count,
        sum(case when a.partner_class = 'organisation' then 1 else 0 end) as organisation_count
    from act a
    join own_account r on r.account_key = a.account_key
    where r.shows_replies and a.exposed_run is not null and a.phase = 'off_season'
        and a.partner_class in ('citizen', 'politician', 'party', 'media', 'organisation')
    group by a.person_key, a.root_key
)
select
    t.person_key,
    cast(sum(t.citizen_count) as bigint) as citizen_count,
    cast(sum(t.politician_count) as bigint) as politician_count,
    cast(sum(t.party_count) as bigint) as party_count,
    cast(sum(t.media_count) as bigint) as media_count,
    cast(sum(t.organisation_count) as bigint) as organisation_count,
    cast(sum(t.reply_count * t.reply_count) as bigint) as thread_squares
from thread t
group by t.person_key
