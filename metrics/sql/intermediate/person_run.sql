-- person_run: unbroken runs of days of one kind, for each person.
-- grain: person, kind and run
-- columns:
--   person_key: person
--   kind: eligible, covered, received_covered or exposed (eligible and covered)
--   first_day: first day of the run (days since 1970-01-01)
--   last_day: last day, inclusive
with flagged as (
    select s.person_key, 'eligible' as kind, s.first_day, s.last_day
    from person_segment s
    where s.is_eligible
    union all
    select s.person_key, 'covered' as kind, s.first_day, s.last_day
    from person_segment s
    where s.is_covered
    union all
    select s.person_key, 'received_covered' as kind, s.first_day, s.last_day
    from person_segment s
    where s.is_received_covered
    union all
    select s.person_key, 'exposed' as kind, s.first_day, s.last_day
    from person_segment s
    where s.is_exposed
),
broken as (
    select
        f.*,
        case when lag(f.last_day) over (
            partition by f.person_key, f.kind order by f.first_day) = f.first_day - 1
            then 0 else 1 end as is_start
    from flagged f
),
numbered as (
    select
        b.*,
        sum(b.is_start) over (partition by b.person_key, b.kind order by b.first_day) as run
    from broken b
)
select n.person_key, n.kind, min(n.first_day) as first_day, max(n.last_day) as last_day
from numbered n
group by n.person_key, n.kind, n.run
