-- stream_week: days and acts per week and phase of three rhythms: own acts, replies to citizens, campaign posts.
-- grain: person and week with at least one day on which own acts would have been seen
-- columns:
--   person_key: person
--   week: number of the week in the window
--   block: number of the 4-week block
--   acts_days: days of the week that count for own acts
--   acts_season_days: of these, in season
--   acts_off_days: of these, off-season
--   replies_days: days of the week that count for replies to citizens
--   replies_season_days: of these, in season
--   replies_off_days: of these, off-season
--   campaign_days: days of the week that count for campaign posts, on days read
--   campaign_season_days: of these, in season
--   campaign_off_days: of these, off-season
--   acts_count: own acts on these days
--   acts_season_count: of these, in season
--   acts_off_count: of these, off-season
--   acts_office_count: season and off-season own acts on accounts run by the office
--   replies_count: replies to citizens on these days
--   replies_season_count: of these, in season
--   replies_off_count: of these, off-season
--   replies_office_count: season and off-season replies to citizens on accounts run by the office
--   campaign_count: campaign posts on these days
--   campaign_season_count: of these, in season
--   campaign_off_count: of these, off-season
--   campaign_office_count: season and off-season campaign posts on accounts run by the office
with whole as (
    select
        s.person_key, w.week, w.block,
        s.first_day <= w.first_day and s.last_day >= w.last_day as is_whole,
        least(s.last_day, w.last_day) - greatest(s.first_day, w.first_day) + 1 as days,
        case when s.phase = 'season' then 1 else 0 end as in_season,
        case when s.phase = 'off_season' then 1 else 0 end as in_off,
        case when s.shows_replies then 1 else 0 end as in_replies
    from stream_segment s
    join week w on w.first_day <= s.last_day and w.last_day >= s.first_day
),
known as (
    select
        p.person_key, p.week, p.block, p.days,
        p.days * p.in_season as season_days,
        p.days * p.in_off as off_days,
        p.days * p.in_replies as replies_days,
        p.days * p.in_replies * p.in_season as replies_season_days,
        p.days * p.in_replies * p.in_off as replies_off_days
    from whole p
    where p.is_whole
    union all
    select
        p.person_key, p.week, p.block,
        cast(sum(p.days) as integer) as days,
        cast(sum(p.days * p.in_season) as integer) as season_days,
        cast(sum(p.days * p.in_off) as integer) as off_days,
        cast(sum(p.days * p.in_replies) as integer) as replies_days,
        cast(sum(p.days * p.in_replies * p.in_season) as integer) as replies_season_days,
        cast(sum(p.days * p.in_replies * p.in_off) as integer) as replies_off_days
    from whole p
    where not p.is_whole
    group by p.person_key, p.week, p.block
),
unread as (
    select
        s.person_key, d.week, count(*) as days,
        sum(case when u.phase = 'season' then 1 else 0 end) as season_days,
        sum(case when u.phase = 'off_season' then 1 else 0 end) as off_days
    from unread_day u
    join stream_segment s
        on s.person_key = u.person_key and u.day between s.first_day and s.last_day
    join days d on d.day = u.day
    group by s.person_key, d.week
),
counted as (
    select
        a.person_key, a.week, a.phase, r.run_by, a.act_count as acts,
        case when r.shows_replies then a.citizen_reply_count else 0 end as replies, 0 as campaign
    from act_week a
    join stream_account r on r.account_key = a.account_key
    union all
    select c.person_key, c.week, c.phase, r.run_by, 0 as acts, 0 as replies, c.act_count as campaign
    from campaign_week c
    join stream_account r on r.account_key = c.account_key
),
act_sum as (
    select
        c.person_key, c.week,
        sum(c.acts) as acts_count,
        sum(case when c.phase = 'season' then c.acts else 0 end) as acts_season_count,
        sum(case when c.phase = 'off_season' then c.acts else 0 end) as acts_off_count,
        sum(case when c.phase in ('season', 'off_season') and c.run_by = 'office'
            then c.acts else 0 end) as acts_office_count,
        sum(c.replies) as replies_count,
        sum(case when c.phase = 'season' then c.replies else 0 end) as replies_season_count,
        sum(case when c.phase = 'off_season' then c.replies else 0 end) as replies_off_count,
        sum(case when c.phase in ('season', 'off_season') and c.run_by = 'office'
            then c.replies else 0 end) as replies_office_count,
        sum(c.campaign) as campaign_count,
        sum(case when c.phase = 'season' then c.campaign else 0 end) as campaign_season_count,
        sum(case when c.phase = 'off_season' then c.campaign else 0 end) as campaign_off_count,
        sum(case when c.phase in ('season', 'off_season') and c.run_by = 'office'
            then c.campaign else 0 end) as campaign_office_count
    from counted c
    group by c.person_key, c.week
)
select
    k.person_key, k.week, k.block,
    k.days as acts_days,
    k.season_days as acts_season_days,
    k.off_days as acts_off_days,
    k.replies_days,
    k.replies_season_days,
    k.replies_off_days,
    cast(k.days - coalesce(u.days, 0) as integer) as campaign_days,
    cast(k.season_days - coalesce(u.season_days, 0) as integer) as campaign_season_days,
    cast(k.off_days - coalesce(u.off_days, 0) as integer) as campaign_off_days,
    cast(coalesce(a.acts_count, 0) as integer) as acts_count,
    cast(coalesce(a.acts_season_count, 0) as integer) as acts_season_count,
    cast(coalesce(a.acts_off_count, 0) as integer) as acts_off_count,
    cast(coalesce(a.acts_office_count, 0) as integer) as acts_office_count,
    cast(coalesce(a.replies_count, 0) as integer) as replies_count,
    cast(coalesce(a.replies_season_count, 0) as integer) as replies_season_count,
    cast(coalesce(a.replies_off_count, 0) as integer) as replies_off_count,
    cast(coalesce(a.replies_office_count, 0) as integer) as replies_office_count,
    cast(coalesce(a.campaign_count, 0) as integer) as campaign_count,
    cast(coalesce(a.campaign_season_count, 0) as integer) as campaign_season_count,
    cast(coalesce(a.campaign_off_count, 0) as integer) as campaign_off_count,
    cast(coalesce(a.campaign_office_count, 0) as integer) as campaign_office_count
from known k
left join act_sum a on a.person_key = k.person_key and a.week = k.week
left join unread u on u.person_key = k.person_key and u.week = k.week
