-- interval_sum: times between consecutive own acts inside one run of known days.
-- grain: person; only where there is an interval
-- columns:
--   person_key: person
--   interval_count: intervals
--   seconds_sum: sum of the intervals (seconds)
--   seconds_squares: sum of the squared intervals (seconds squared)
with spaced as (
    select
        a.person_key,
        a.at - lag(a.at) over (partition by a.person_key, a.exposed_run order by a.at) as seconds
    from act a
    where a.is_own and a.exposed_run is not null
)
select
    s.person_key,
    cast(count(*) as bigint) as interval_count,
    cast(sum(s.seconds) as bigint) as seconds_sum,
    cast(sum(s.seconds * s.seconds) as bigint) as seconds_squares
from spaced s
where s.seconds is not null
group by s.person_key
