-- talk_day: days that count on which a person replied to a citizen: their meetings.
-- grain: person, citizen and day
-- columns:
--   person_key: person
--   partner_key: keyed hash of the citizen
--   day: local day (days since 1970-01-01)
--   phase: season, aftermath, off_season or other_season
--   reply_count: replies to the citizen that day
select
    a.person_key, a.partner_key, a.day, a.phase,
    cast(count(*) as integer) as reply_count
from act a
join own_account r on r.account_key = a.account_key
where r.shows_replies and a.partner_class = 'citizen' and a.exposed_run is not null
group by a.person_key, a.partner_key, a.day, a.phase
