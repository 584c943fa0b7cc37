-- silence: spells without an own act, with everything that decides what may be said of them.
-- grain: person and spell
-- columns:
--   person_key: person
--   first_day: first day (days since 1970-01-01)
--   last_day: last day, inclusive
--   days: length
--   level: quiet, asleep or abandoned, by length
--   kind: repost-only, thread-only or silent: what falls in it
--   election_id: election it starts shortly after, if any
--   is_at_least: touches the window's edge or that of the known days: it may be longer
--   is_possible: touches an unknown day
--   is_excused: a documented absence overlaps it
--   is_candidate: long enough, starts after an election, neither possible nor excused nor the first known day
--   days_to_next_election: days from its end to the person's next election day; null if none is known
--   longest_other: the person's longest run without an own act that does not start after an election (days)
with longest as (
    select g.person_key, max(g.days) as longest_other
    from gap g
    where g.election_id is null
    group by g.person_key
),
long_gap as (
    select g.*
    from gap g
    cross join params p
    where g.days >= p.quiet_days
),
unknown_beside as (
    select distinct g.person_key, g.first_day
    from long_gap g
    join person_segment s on s.person_key = g.person_key
    join person_total t on t.person_key = g.person_key
    where s.is_eligible and not s.is_covered
        and (
            (s.last_day = g.first_day - 1 and s.last_day > t.first_day)
            or (s.first_day = g.last_day + 1 and s.first_day < t.last_day)
        )
),
excused as (
    select distinct g.person_key, g.first_day
    from long_gap g
    join absences a
        on a.person_key = g.person_key and a.first_day <= g.last_day and a.last_day >= g.first_day
),
filled as (
    select
        g.person_key, g.first_day,
        max(case when a.kind = 'repost' then 1 else 0 end) as has_repost,
        max(case when a.kind = 'thread' then 1 else 0 end) as has_thread
    from long_gap g
    join act a on a.person_key = g.person_key and a.day between g.first_day and g.last_day
    where not a.is_own
    group by g.person_key, g.first_day
),
next_election as (
    select g.person_key, g.first_day, min(e.day) as day
    from long_gap g
    join person_election e on e.person_key = g.person_key and e.day > g.last_day
    group by g.person_key, g.first_day
)
select
    g.person_key, g.first_day, g.last_day, g.days,
    case when g.days >= p.abandoned_days then 'abandoned'
        when g.days >= p.asleep_days then 'asleep' else 'quiet' end as level,
    case when f.has_repost = 1 then 'repost-only'
        when f.has_thread = 1 then 'thread-only' else 'silent' end as kind,
    g.election_id,
    g.first_day in (p.start_day, t.first_day) or g.last_day in (p.end_day - 1, t.last_day) as is_at_least,
    u.person_key is not null as is_possible,
    x.person_key is not null as is_excused,
    g.days >= p.asleep_days and g.election_id is not null
        and u.person_key is null and x.person_key is null
        and g.first_day not in (p.start_day, t.first_day) as is_candidate,
    n.day - g.last_day as days_to_next_election,
    coalesce(l.longest_other, 0) as longest_other
from long_gap g
cross join params p
join person_total t on t.person_key = g.person_key
left join longest l on l.person_key = g.person_key
left join unknown_beside u on u.person_key = g.person_key and u.first_day = g.first_day
left join excused x on x.person_key = g.person_key and x.first_day = g.first_day
left join filled f on f.person_key = g.person_key and f.first_day = g.first_day
left join next_election n on n.person_key = g.person_key and n.first_day = g.first_day
