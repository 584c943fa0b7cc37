-- active_day: days that count on which a person acted.
-- grain: person and day
-- columns:
--   person_key: person
--   day: local day (days since 1970-01-01)
--   exposed_run: run of eligible, covered days it falls in
--   act_count: own acts
select a.person_key, a.day, a.exposed_run, cast(count(*) as integer) as act_count
from act a
where a.is_own and a.exposed_run is not null
group by a.person_key, a.day, a.exposed_run
