-- stream_segment: stretches of days on which a rhythm's accounts could have acted and would have been seen.
-- grain: person and stretch
-- columns:
--   person_key: person
--   first_day: first day (days since 1970-01-01)
--   last_day: last day, inclusive
--   phase: season, aftermath, off_season or other_season
--   shows_replies: replies to citizens would have been seen too
with change as (
    select
        a.person_key, a.first_day as day, 1 as step,
        case when a.shows_replies then 1 else 0 end as reply_step
    from stream_account a
    union all
    select
        a.person_key, a.last_day + 1 as day, -1 as step,
        case when a.shows_replies then -1 else 0 end as reply_step
    from stream_account a
),
level as (
    select
        c.person_key, c.day,
        sum(sum(c.step)) over (partition by c.person_key order by c.day) as depth,
        sum(sum(c.reply_step)) over (partition by c.person_key order by c.day) as reply_depth,
        lead(c.day) over (partition by c.person_key order by c.day) - 1 as last_day
    from change c
    group by c.person_key, c.day
)
select
    v.person_key,
    greatest(v.day, s.first_day) as first_day,
    least(v.last_day, s.last_day) as last_day,
    s.phase,
    v.reply_depth > 0 as shows_replies
from level v
join person_segment s
    on s.person_key = v.person_key and s.first_day <= v.last_day and s.last_day >= v.day
where v.depth > 0 and s.is_exposed
