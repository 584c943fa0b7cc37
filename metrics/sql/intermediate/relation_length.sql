-- relation_length: how long people and citizens have known each other, where they met on two days or more.
-- grain: person and length
-- columns:
--   person_key: person
--   days: from the first meeting to the last (days)
--   partner_count: citizens
select
    c.person_key,
    c.last_day - c.first_day as days,
    cast(count(*) as bigint) as partner_count
from citizen_partner c
where c.day_count > 1
group by c.person_key, c.last_day - c.first_day
