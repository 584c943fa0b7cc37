-- presence_week: a person's off-season weeks: known or not, with an own act or not.
-- grain: person and off-season week
-- columns:
--   person_key: person
--   week: number of the week in the window
--   block: number of the 4-week block
--   is_covered: enough of the off-season days are known
--   is_active: covered, and an own act falls on one of these days
--   is_talk_covered: enough of the off-season days are known and would show replies
--   is_talk_active: talk-covered, and a reply to a citizen falls on one of these days
with overlap as (
    select
        s.person_key, w.week, w.block, s.is_exposed, s.has_replies,
        s.first_day <= w.first_day and s.last_day >= w.last_day as is_whole,
        least(s.last_day, w.last_day) - greatest(s.first_day, w.first_day) + 1 as days
    from person_segment s
    join week w on w.first_day <= s.last_day and w.last_day >= s.first_day
    where s.is_eligible and s.phase = 'off_season'
),
sized as (
    select
        o.person_key, o.week, o.block, o.is_whole, o.days as off_days,
        case when o.is_exposed then o.days else 0 end as covered_days,
        case when o.is_exposed and o.has_replies then o.days else 0 end as observed_days
    from overlap o
),
known as (
    select z.person_key, z.week, z.block, z.off_days, z.covered_days, z.observed_days
    from sized z
    where z.is_whole
    union all
    select
        z.person_key, z.week, z.block,
        cast(sum(z.off_days) as integer) as off_days,
        cast(sum(z.covered_days) as integer) as covered_days,
        cast(sum(z.observed_days) as integer) as observed_days
    from sized z
    where not z.is_whole
    group by z.person_key, z.week, z.block
),
acted as (
    select
        a.person_key, a.week,
        sum(a.act_count) as act_count,
        sum(case when r.shows_replies then a.citizen_reply_count else 0 end) as citizen_reply_count
    from act_week a
    join own_account r on r.account_key = a.account_key
    where a.phase = 'off_season'
    group by a.person_key, a.week
)
select
    k.person_key, k.week, k.block,
    k.covered_days >= p.week_days as is_covered,
    k.covered_days >= p.week_days and coalesce(a.act_count, 0) > 0 as is_active,
    k.observed_days >= p.week_days as is_talk_covered,
    k.observed_days >= p.week_days and coalesce(a.citizen_reply_count, 0) > 0 as is_talk_active
from known k
cross join params p
left join acted a on a.person_key = k.person_key and a.week = k.week
where k.off_days >= p.week_days
