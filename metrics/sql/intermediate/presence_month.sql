-- presence_month: a person's calendar months that are known: with an own act or not.
-- grain: person and month that is known
-- columns:
--   person_key: person
--   month: number of the month (12 × year + month)
--   is_active: an own act falls on one of its covered eligible days
with acted as (
    select distinct a.person_key, d.year, d.month
    from active_day a
    join days d on d.day = a.day
)
select
    k.person_key,
    cast(12 * k.year + k.month as integer) as month,
    a.month is not null as is_active
from known_month k
left join acted a on a.person_key = k.person_key and a.year = k.year and a.month = k.month
