-- broadcast_spell: stretches of 28 known days and more with posts and without a reply to a citizen.
-- grain: person and spell; on accounts that show replies
-- columns:
--   person_id: person
--   from_on: first day
--   to_on: last day, inclusive
--   days: length in days
--   is_at_least: it touches the edge of the known days or of the window and may be longer
--   is_possible: it touches an unknown day
select
    p.person_id,
    date '1970-01-01' + b.first_day as from_on,
    date '1970-01-01' + b.last_day as to_on,
    b.days,
    b.is_at_least,
    b.is_possible
from broadcast b
join people p on p.person_key = b.person_key
order by p.person_id, from_on
