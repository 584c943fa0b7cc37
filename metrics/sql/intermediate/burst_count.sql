-- burst_count: what a burst and its dispersion are computed from.
-- grain: stream and person
-- columns:
--   stream: acts, replies or campaign
--   person_key: person
--   season_count: acts in season
--   off_count: acts off-season
--   office_count: of both, those on accounts run by the office
--   season_days: days in season that count
--   off_days: days off-season that count
--   week_season_units: weeks wholly in season and known
--   week_season_squares: sum of squared counts over these weeks
--   week_season_sum: sum of counts over these weeks
--   week_off_units: weeks wholly off-season and known
--   week_off_squares: sum of squared counts over these weeks
--   week_off_sum: sum of counts over these weeks
--   block_season_units: 4-week blocks wholly in season and known
--   block_season_squares: sum of squared counts over these blocks
--   block_season_sum: sum of counts over these blocks
--   block_off_units: 4-week blocks wholly off-season and known
--   block_off_squares: sum of squared counts over these blocks
--   block_off_sum: sum of counts over these blocks
with unit as (
    select
        w.stream, w.person_key, 7 as size,
        w.season_days, w.off_days, w.season_count, w.off_count, w.office_count
    from stream_week w
    union all
    select
        w.stream, w.person_key, 28 as size,
        sum(w.season_days) as season_days, sum(w.off_days) as off_days,
        sum(w.season_count) as season_count, sum(w.off_count) as off_count, 0 as office_count
    from stream_week w
    group by w.stream, w.person_key, w.block
)
select
    u.stream,
    u.person_key,
    cast(sum(case when u.size = 7 then u.season_count else 0 end) as bigint) as season_count,
    cast(sum(case when u.size = 7 then u.off_count else 0 end) as bigint) as off_count,
    cast(sum(u.office_count) as bigint) as office_count,
    cast(sum(case when u.size = 7 then u.season_days else 0 end) as bigint) as season_days,
    cast(sum(case when u.size = 7 then u.off_days else 0 end) as bigint) as off_days,
    cast(sum(case when u.size = 7 and u.season_days = 7 then 1 else 0 end) as bigint) as week_season_units,
    cast(sum(case when u.size = 7 and u.season_days = 7
        then u.season_count * u.season_count else 0 end) as bigint) as week_season_squares,
    cast(sum(case when u.size = 7 and u.season_days = 7
        then u.season_count else 0 end) as bigint) as week_season_sum,
    cast(sum(case when u.size = 7 and u.off_days = 7 then 1 else 0 end) as bigint) as week_off_units,
    cast(sum(case when u.size = 7 and u.off_days = 7
        then u.off_count * u.off_count else 0 end) as bigint) as week_off_squares,
    cast(sum(case when u.size = 7 and u.off_days = 7
        then u.off_count else 0 end) as bigint) as week_off_sum,
    cast(sum(case when u.size = 28 and u.season_days = 28 then 1 else 0 end) as bigint) as block_season_units,
    cast(sum(case when u.size = 28 and u.season_days = 28
        then u.season_count * u.season_count else 0 end) as bigint) as block_season_squares,
    cast(sum(case when u.size = 28 and u.season_days = 28
        then u.season_count else 0 end) as bigint) as block_season_sum,
    cast(sum(case when u.size = 28 and u.off_days = 28 then 1 else 0 end) as bigint) as block_off_units,
    cast(sum(case when u.size = 28 and u.off_days = 28
        then u.off_count * u.off_count else 0 end) as bigint) as block_off_squares,
    cast(sum(case when u.size = 28 and u.off_days = 28
        then u.off_count else 0 end) as bigint) as block_off_sum
from unit u
group by u.stream, u.person_key
