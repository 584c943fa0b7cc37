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
with by_week as (
    select
        w.person_key,
        sum(w.acts_season_count) as acts_season_count,
        sum(w.acts_off_count) as acts_off_count,
        sum(w.acts_office_count) as acts_office_count,
        sum(w.acts_season_days) as acts_season_days,
        sum(w.acts_off_days) as acts_off_days,
        count(case when w.acts_season_days = 7 then 1 end) as acts_season_units,
        sum(case when w.acts_season_days = 7
            then w.acts_season_count * w.acts_season_count else 0 end) as acts_season_squares,
        sum(case when w.acts_season_days = 7 then w.acts_season_count else 0 end) as acts_season_sum,
        count(case when w.acts_off_days = 7 then 1 end) as acts_off_units,
        sum(case when w.acts_off_days = 7
            then w.acts_off_count * w.acts_off_count else 0 end) as acts_off_squares,
        sum(case when w.acts_off_days = 7 then w.acts_off_count else 0 end) as acts_off_sum,
        sum(w.replies_season_count) as replies_season_count,
        sum(w.replies_off_count) as replies_off_count,
        sum(w.replies_office_count) as replies_office_count,
        sum(w.replies_season_days) as replies_season_days,
        sum(w.replies_off_days) as replies_off_days,
        count(case when w.replies_season_days = 7 then 1 end) as replies_season_units,
        sum(case when w.replies_season_days = 7
            then w.replies_season_count * w.replies_season_count else 0 end) as replies_season_squares,
        sum(case when w.replies_season_days = 7 then w.replies_season_count else 0 end) as replies_season_sum,
        count(case when w.replies_off_days = 7 then 1 end) as replies_off_units,
        sum(case when w.replies_off_days = 7
            then w.replies_off_count * w.replies_off_count else 0 end) as replies_off_squares,
        sum(case when w.replies_off_days = 7 then w.replies_off_count else 0 end) as replies_off_sum,
        sum(w.campaign_season_count) as campaign_season_count,
        sum(w.campaign_off_count) as campaign_off_count,
        sum(w.campaign_office_count) as campaign_office_count,
        sum(w.campaign_season_days) as campaign_season_days,
        sum(w.campaign_off_days) as campaign_off_days,
        count(case when w.campaign_season_days = 7 then 1 end) as campaign_season_units,
        sum(case when w.campaign_season_days = 7
            then w.campaign_season_count * w.campaign_season_count else 0 end) as campaign_season_squares,
        sum(case when w.campaign_season_days = 7 then w.campaign_season_count else 0 end) as campaign_season_sum,
        count(case when w.campaign_off_days = 7 then 1 end) as campaign_off_units,
        sum(case when w.campaign_off_days = 7
            then w.campaign_off_count * w.campaign_off_count else 0 end) as campaign_off_squares,
        sum(case when w.campaign_off_days = 7 then w.campaign_off_count else 0 end) as campaign_off_sum,
        sum(w.acts_days) as acts_days,
        sum(w.replies_days) as replies_days
    from stream_week w
    group by w.person_key
),
block as (
    select
        w.person_key, w.block,
        sum(w.acts_season_days) as acts_season_days,
        sum(w.acts_season_count) as acts_season_count,
        sum(w.acts_off_days) as acts_off_days,
        sum(w.acts_off_count) as acts_off_count,
        sum(w.replies_season_days) as replies_season_days,
        sum(w.replies_season_count) as replies_season_count,
        sum(w.replies_off_days) as replies_off_days,
        sum(w.replies_off_count) as replies_off_count,
        sum(w.campaign_season_days) as campaign_season_days,
        sum(w.campaign_season_count) as campaign_season_count,
        sum(w.campaign_off_days) as campaign_off_days,
        sum(w.campaign_off_count) as campaign_off_count
    from stream_week w
    group by w.person_key, w.block
),
by_block as (
    select
        b.person_key,
        count(case when b.acts_season_days = 28 then 1 end) as acts_season_units,
        sum(case when b.acts_season_days = 28
            then b.acts_season_count * b.acts_season_count else 0 end) as acts_season_squares,
        sum(case when b.acts_season_days = 28 then b.acts_season_count else 0 end) as acts_season_sum,
        count(case when b.acts_off_days = 28 then 1 end) as acts_off_units,
        sum(case when b.acts_off_days = 28
            then b.acts_off_count * b.acts_off_count else 0 end) as acts_off_squares,
        sum(case when b.acts_off_days = 28 then b.acts_off_count else 0 end) as acts_off_sum,
        count(case when b.replies_season_days = 28 then 1 end) as replies_season_units,
        sum(case when b.replies_season_days = 28
            then b.replies_season_count * b.replies_season_count else 0 end) as replies_season_squares,
        sum(case when b.replies_season_days = 28 then b.replies_season_count else 0 end) as replies_season_sum,
        count(case when b.replies_off_days = 28 then 1 end) as replies_off_units,
        sum(case when b.replies_off_days = 28
            then b.replies_off_count * b.replies_off_count else 0 end) as replies_off_squares,
        sum(case when b.replies_off_days = 28 then b.replies_off_count else 0 end) as replies_off_sum,
        count(case when b.campaign_season_days = 28 then 1 end) as campaign_season_units,
        sum(case when b.campaign_season_days = 28
            then b.campaign_season_count * b.campaign_season_count else 0 end) as campaign_season_squares,
        sum(case when b.campaign_season_days = 28 then b.campaign_season_count else 0 end) as campaign_season_sum,
        count(case when b.campaign_off_days = 28 then 1 end) as campaign_off_units,
        sum(case when b.campaign_off_days = 28
            then b.campaign_off_count * b.campaign_off_count else 0 end) as campaign_off_squares,
        sum(case when b.campaign_off_days = 28 then b.campaign_off_count else 0 end) as campaign_off_sum
    from block b
    group by b.person_key
)
select
    'acts' as stream,
    w.person_key,
    cast(w.acts_season_count as bigint) as season_count,
    cast(w.acts_off_count as bigint) as off_count,
    cast(w.acts_office_count as bigint) as office_count,
    cast(w.acts_season_days as bigint) as season_days,
    cast(w.acts_off_days as bigint) as off_days,
    cast(w.acts_season_units as bigint) as week_season_units,
    cast(w.acts_season_squares as bigint) as week_season_squares,
    cast(w.acts_season_sum as bigint) as week_season_sum,
    cast(w.acts_off_units as bigint) as week_off_units,
    cast(w.acts_off_squares as bigint) as week_off_squares,
    cast(w.acts_off_sum as bigint) as week_off_sum,
    cast(b.acts_season_units as bigint) as block_season_units,
    cast(b.acts_season_squares as bigint) as block_season_squares,
    cast(b.acts_season_sum as bigint) as block_season_sum,
    cast(b.acts_off_units as bigint) as block_off_units,
    cast(b.acts_off_squares as bigint) as block_off_squares,
    cast(b.acts_off_sum as bigint) as block_off_sum
from by_week w
join by_block b on b.person_key = w.person_key
where w.acts_days > 0
union all
select
    'replies' as stream,
    w.person_key,
    cast(w.replies_season_count as bigint) as season_count,
    cast(w.replies_off_count as bigint) as off_count,
    cast(w.replies_office_count as bigint) as office_count,
    cast(w.replies_season_days as bigint) as season_days,
    cast(w.replies_off_days as bigint) as off_days,
    cast(w.replies_season_units as bigint) as week_season_units,
    cast(w.replies_season_squares as bigint) as week_season_squares,
    cast(w.replies_season_sum as bigint) as week_season_sum,
    cast(w.replies_off_units as bigint) as week_off_units,
    cast(w.replies_off_squares as bigint) as week_off_squares,
    cast(w.replies_off_sum as bigint) as week_off_sum,
    cast(b.replies_season_units as bigint) as block_season_units,
    cast(b.replies_season_squares as bigint) as block_season_squares,
    cast(b.replies_season_sum as bigint) as block_season_sum,
    cast(b.replies_off_units as bigint) as block_off_units,
    cast(b.replies_off_squares as bigint) as block_off_squares,
    cast(b.replies_off_sum as bigint) as block_off_sum
from by_week w
join by_block b on b.person_key = w.person_key
where w.replies_days > 0
union all
select
    'campaign' as stream,
    w.person_key,
    cast(w.campaign_season_count as bigint) as season_count,
    cast(w.campaign_off_count as bigint) as off_count,
    cast(w.campaign_office_count as bigint) as office_count,
    cast(w.campaign_season_days as bigint) as season_days,
    cast(w.campaign_off_days as bigint) as off_days,
    cast(w.campaign_season_units as bigint) as week_season_units,
    cast(w.campaign_season_squares as bigint) as week_season_squares,
    cast(w.campaign_season_sum as bigint) as week_season_sum,
    cast(w.campaign_off_units as bigint) as week_off_units,
    cast(w.campaign_off_squares as bigint) as week_off_squares,
    cast(w.campaign_off_sum as bigint) as week_off_sum,
    cast(b.campaign_season_units as bigint) as block_season_units,
    cast(b.campaign_season_squares as bigint) as block_season_squares,
    cast(b.campaign_season_sum as bigint) as block_season_sum,
    cast(b.campaign_off_units as bigint) as block_off_units,
    cast(b.campaign_off_squares as bigint) as block_off_squares,
    cast(b.campaign_off_sum as bigint) as block_off_sum
from by_week w
join by_block b on b.person_key = w.person_key
where w.acts_days > 0
