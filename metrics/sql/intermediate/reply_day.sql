-- reply_day: replies of one thread and day, capped, in season or off-season, where replies are visible.
-- grain: person, thread and day that counts
-- columns:
--   person_key: person
--   root_key: first item of the thread
--   day: local day (days since 1970-01-01)
--   phase: season or off_season
--   reply_count: replies, capped
--   citizen_count: replies to citizens, capped
--   politician_count: replies to politicians, capped
--   party_count: replies to parties, capped
--   media_count: replies to media, capped
--   organisation_count: replies to organisations, capped
with counted as (
    select
        a.person_key, a.root_key, a.day, a.phase,
        count(*) as reply_count,
        sum(case when a.partner_class = 'citizen' then 1 else 0 end) as citizen_count,
        sum(case when a.partner_class = 'politician' then 1 else 0 end) as politician_count,
        sum(case when a.partner_class = 'party' then 1 else 0 end) as party_count,
        sum(case when a.partner_class = 'media' then 1 else 0 end) as media_count,
        sum(case when a.partner_class = 'organisation' then 1 else 0 end) as organisation_count
    from act a
    join own_account r on r.account_key = a.account_key
    cross join params p
    where r.shows_replies and a.kind = 'reply'
        and (p.unknown_partner_counts or a.partner_class <> 'unknown')
        and a.exposed_run is not null and a.phase in ('season', 'off_season')
    group by a.person_key, a.root_key, a.day, a.phase
)
select
    c.person_key, c.root_key, c.day, c.phase,
    cast(least(c.reply_count, p.reply_cap) as integer) as reply_count,
    cast(least(c.citizen_count, p.reply_cap) as integer) as citizen_count,
    cast(least(c.politician_count, p.reply_cap) as integer) as politician_count,
    cast(least(c.party_count, p.reply_cap) as integer) as party_count,
    cast(least(c.media_count, p.reply_cap) as integer) as media_count,
    cast(least(c.organisation_count, p.reply_cap) as integer) as organisation_count
from counted c
cross join params p
