-- observed_run: unbroken runs of days that count and on which a reply would be seen.
-- grain: person and run
-- columns:
--   person_key: person
--   first_day: first day of the run (days since 1970-01-01)
--   last_day: last day, inclusive
--   days_before: days of the person's earlier runs together
with flagged as (
    select
        s.person_key, s.first_day, s.last_day,
        case when lag(s.last_day) over (
            partition by s.person_key order by s.first_day) = s.first_day - 1
            then 0 else 1 end as is_start
    from person_segment s
    where s.is_exposed and s.has_replies
),
numbered as (
    select
        f.*,
        sum(f.is_start) over (partition by f.person_key order by f.first_day) as run
    from flagged f
),
whole as (
    select n.person_key, min(n.first_day) as first_day, max(n.last_day) as last_day
    from numbered n
    group by n.person_key, n.run
)
select
    w.person_key,
    w.first_day,
    w.last_day,
    cast(sum(w.last_day - w.first_day + 1) over (partition by w.person_key order by w.first_day)
        - (w.last_day - w.first_day + 1) as integer) as days_before
from whole w
