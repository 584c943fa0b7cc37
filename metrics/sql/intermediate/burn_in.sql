-- burn_in: until when a first meeting may be no first meeting, since our knowledge has only begun.
-- grain: person with enough observed days
-- columns:
--   person_key: person
--   burn_day: last day of the burn-in (days since 1970-01-01)
select r.person_key, r.first_day + p.burn_in_days - r.days_before - 1 as burn_day
from observed_run r
cross join params p
where r.days_before < p.burn_in_days
    and r.days_before + r.last_day - r.first_day + 1 >= p.burn_in_days
