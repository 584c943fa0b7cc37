-- gap: every unbroken run of days that count without an own act.
-- grain: person and run
-- columns:
--   person_key: person
--   first_day: first day without an act (days since 1970-01-01)
--   last_day: last day without an act
--   days: length
--   election_id: election it starts shortly after, if any; the latest one
with point as (
    select a.person_key, a.day, 1 as side
    from active_day a
    union all
    select r.person_key, r.first_day - 1 as day, 2 as side
    from person_run r
    where r.kind = 'exposed'
    union all
    select r.person_key, r.last_day + 1 as day, 0 as side
    from person_run r
    where r.kind = 'exposed'
),
chained as (
    select
        p.person_key, p.day, p.side,
        lag(p.day) over (partition by p.person_key order by p.day, p.side) as day_before,
        lag(p.side) over (partition by p.person_key order by p.day, p.side) as side_before
    from point p
),
silent as (
    select
        c.person_key, c.day_before + 1 as first_day, c.day - 1 as last_day,
        c.day - c.day_before - 1 as days
    from chained c
    where c.side_before > 0 and c.side < 2 and c.day - c.day_before > 1
),
after_election as (
    select s.person_key, s.first_day, max(e.last_round_day) as last_round_day
    from silent s
    join person_election e on e.person_key = s.person_key
    cross join params p
    where s.first_day - e.last_round_day between 1 and p.sleep_after_days
    group by s.person_key, s.first_day
),
named as (
    select a.person_key, a.first_day, min(e.election_id) as election_id
    from after_election a
    join person_election e
        on e.person_key = a.person_key and e.last_round_day = a.last_round_day
    group by a.person_key, a.first_day
)
select s.person_key, s.first_day, s.last_day, s.days, n.election_id
from silent s
left join named n on n.person_key = s.person_key and n.first_day = s.first_day
