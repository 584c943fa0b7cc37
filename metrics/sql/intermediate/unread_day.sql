-- unread_day: known days with an own act whose text was never read: what was not said on them is unknown.
-- grain: person and day
-- columns:
--   person_key: person
--   day: local day (days since 1970-01-01)
--   phase: season, aftermath, off_season or other_season
select distinct a.person_key, a.day, a.phase
from act a
where a.is_own and a.exposed_run is not null and a.label is null
