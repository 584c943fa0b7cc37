-- person: who is watched, and how many of their days are known.
-- grain: person
-- columns:
--   person_id: person
--   name: full name
--   municipality: where the person works
--   party: party or list
--   office: current or last office
--   level: level of that office
--   jurisdiction: where its elections are held
--   language: language of the person's public
--   is_invented: the person does not exist
--   eligible_days: days of the window with a mandate or candidacy
--   covered_days: of these, days on which the own acts are known
--   received_covered_days: of these, days on which what is received is known
--   first_covered_on: first eligible day on which the own acts are known
--   last_covered_on: last such day
--   shows_replies: an account shows replies
--   shows_received: an account shows what is received
--   platforms: platforms of the accounts that count, joined by +
select
    p.person_id,
    coalesce(d.name, p.person_id) as name,
    d.municipality,
    d.party,
    p.office,
    p.level,
    d.jurisdiction,
    d.language,
    coalesce(d.is_invented, false) as is_invented,
    t.eligible_days,
    t.covered_days,
    t.received_days as received_covered_days,
    date '1970-01-01' + t.first_day as first_covered_on,
    date '1970-01-01' + t.last_day as last_covered_on,
    t.shows_replies,
    t.shows_received,
    d.platforms
from people p
join person_total t on t.person_key = p.person_key
left join person_detail d on d.person_key = p.person_key
order by p.person_id
