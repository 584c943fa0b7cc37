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
with whole as (
    select
        s.stream, s.person_key, w.week, w.block,
        s.first_day <= w.first_day and s.last_day >= w.last_day as is_whole,
        least(s.last_day, w.last_day) - greatest(s.first_day, w.first_day) + 1 as days,
        case when s.phase = 'season' then 1 else 0 end as in_season,
        case when s.phase = 'off_season' then 1 else 0 end as in_off
    from stream_segment s
    join week w on w.first_day <= s.last_day and w.last_day >= s.first_day
),
known as (
    select
        p.stream, p.person_key, p.week, p.block, p.days,
        p.days * p.in_season as season_days, p.days * p.in_off as off_days
    from whole p
    where p.is_whole
    union all
    select
        p.stream, p.person_key, p.week, p.block,
        cast(sum(p.days) as integer) as days,
        cast(sum(p.days * p.in_season) as integer) as season_days,
        cast(sum(p.days * p.in_off) as integer) as off_days
    from whole p
    where not p.is_whole
    group by p.stream, p.person_key, p.week, p.block
),
unread as (
    select
        s.stream, s.person_key, d.week, count(*) as days,
        sum(case when u.phase = 'season' then 1 else 0 end) as season_days,
        sum(case when u.phase = 'off_season' then 1 else 0 end) as off_days
    from unread_day u
    join stream_segment s
        on s.person_key = u.person_key and u.day between s.first_day and s.last_day
    join days d on d.day = u.day
    where s.stream = 'campaign'
    group by s.stream, s.person_key, d.week
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
    k.stream, k.person_key, k.week, k.block,
    cast(k.days - coalesce(u.days, 0) as integer) as days,
    cast(k.season_days - coalesce(u.season_days, 0) as integer) as season_days,
    cast(k.off_days - coalesce(u.off_days, 0) as integer) as off_days,
    cast(coalesce(a.act_count, 0) as integer) as act_count,
    cast(coalesce(a.season_count, 0) as integer) as season_count,
    cast(coalesce(a.off_count, 0) as integer) as off_count,
    cast(coalesce(a.office_count, 0) as integer) as office_count
from known k
left join act_sum a
    on a.stream = k.stream and a.person_key = k.person_key and a.week = k.week
left join unread u
    on u.stream = k.stream and u.person_key = k.person_key and u.week = k.week
