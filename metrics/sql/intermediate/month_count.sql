-- month_count: a person's calendar months that are known, and those with an own act.
-- grain: person; only where a month counts
-- columns:
--   person_key: person
--   counted_months: months with enough covered eligible days
--   active_months: of these, months with an own act on one of these days
with month_bound as (
    select d.year, d.month, min(d.day) as first_day, max(d.day) as last_day
    from days d
    group by d.year, d.month
),
known as (
    select
        s.person_key, m.year, m.month,
        sum(least(s.last_day, m.last_day) - greatest(s.first_day, m.first_day) + 1) as covered_days
    from person_segment s
    join month_bound m on m.first_day <= s.last_day and m.last_day >= s.first_day
    where s.is_exposed
    group by s.person_key, m.year, m.month
),
acted as (
    select distinct a.person_key, d.year, d.month
    from active_day a
    join days d on d.day = a.day
)
select
    k.person_key,
    cast(count(*) as bigint) as counted_months,
    cast(count(a.month) as bigint) as active_months
from known k
cross join params p
left join acted a on a.person_key = k.person_key and a.year = k.year and a.month = k.month
where k.covered_days >= p.month_days
group by k.person_key
