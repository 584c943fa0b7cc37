-- stream_week: days and acts of a stream per week and phase.
-- grain: stream, person and week with at least one such day (read or not, for campaign posts)
-- columns:
--   stream: acts, replies or campaign
--   person_key: person
--   week: number of the week in the window
--   block: number of the 4-week block
--   days: days of the week that count for the stream
--   season_days: of these, in season
--   off_days: of these, off-season
--   act_count: the stream's acts on these days
--   season_count: of these, in season
--   off_count: of these, off-season
--   office_count: season and off-season acts on accounts run by the office
with known as (
    select
        s.stream, s.person_key, w.week, w.block,
        sum(least(s.last_day, w.last_day) - greatest(s.first_day, w.first_day) + 1) as days,
        sum(case when s.phase = 'season'
            then least(s.last_day, w.last_day) - greatest(s.first_day, w.first_day) + 1
            else 0 end) as season_days,
        sum(case when s.phase = 'off_season'
            then least(s.last_day, w.last_day) - greatest(s.first_day, w.first_day) + 1
            else 0 end) as off_days
    from stream_segment s
    join week w on w.first_day <= s.last_day and w.last_day >= s.first_day
    group by s.stream, s.person_key, w.week, w.block
    union all
    select
        s.stream, s.person_key, d.week, d.block, -count(*) as days,
        -sum(case when u.phase = 'season' then 1 else 0 end) as season_days,
        -sum(case when u.phase = 'off_season' then 1 else 0 end) as off_days
    from unread_day u
    join stream_segment s
        on s.person_key = u.person_key and u.day between s.first_day and s.last_day
    join days d on d.day = u.day
    where s.stream = 'campaign'
    group by s.stream, s.person_key, d.week, d.block
),
day_count as (
    select
        k.stream, k.person_key, k.week, k.block, sum(k.days) as days,
        sum(k.season_days) as season_days, sum(k.off_days) as off_days
    from known k
    group by k.stream, k.person_key, k.week, k.block
),
counted as (
    select
        r.stream, a.person_key, a.week, a.phase, r.run_by,
        case when r.stream = 'acts' then a.act_count else a.citizen_reply_count end as n
    from act_week a
    join stream_account r on r.account_key = a.account_key
    where r.stream in ('acts', 'replies')
    union all
    select r.stream, c.person_key, c.week, c.phase, r.run_by, c.act_count as n
    from campaign_week c
    join stream_account r on r.account_key = c.account_key
    where r.stream = 'campaign'
),
act_sum as (
    select
        c.stream, c.person_key, c.week,
        sum(c.n) as act_count,
        sum(case when c.phase = 'season' then c.n else 0 end) as season_count,
        sum(case when c.phase = 'off_season' then c.n else 0 end) as off_count,
        sum(case when c.phase <> 'aftermath' and c.run_by = 'office' then c.n else 0 end) as office_count
    from counted c
    group by c.stream, c.person_key, c.week
)
select
    d.stream, d.person_key, d.week, d.block,
    cast(d.days as integer) as days,
    cast(d.season_days as integer) as season_days,
    cast(d.off_days as integer) as off_days,
    cast(coalesce(a.act_count, 0) as integer) as act_count,
    cast(coalesce(a.season_count, 0) as integer) as season_count,
    cast(coalesce(a.off_count, 0) as integer) as off_count,
    cast(coalesce(a.office_count, 0) as integer) as office_count
from day_count d
left join act_sum a
    on a.stream = d.stream and a.person_key = d.person_key and a.week = d.week
