-- ask_month: calendar months that are known and wholly read, and whether the person asked the public something.
-- grain: person and month that counts
-- columns:
--   person_key: person
--   year: year
--   month: month, 1 to 12
--   first_day: first day of the month in the window (days since 1970-01-01)
--   has_ask: an act asks the public something
with month_bound as (
    select d.year, d.month, min(d.day) as first_day, max(d.day) as last_day
    from days d
    group by d.year, d.month
),
known_month as (
    select s.person_key, m.year, m.month, m.first_day
    from person_segment s
    cross join params p
    join month_bound m on m.first_day <= s.last_day and m.last_day >= s.first_day
    where s.is_exposed
    group by s.person_key, m.year, m.month, m.first_day, p.month_days
    having sum(least(s.last_day, m.last_day) - greatest(s.first_day, m.first_day) + 1) >= p.month_days
),
unread_month as (
    select distinct u.person_key, d.year, d.month
    from unread_day u
    join days d on d.day = u.day
),
asked_month as (
    select distinct a.person_key, d.year, d.month
    from ask a
    join days d on d.day = a.day
)
select
    k.person_key, k.year, k.month, k.first_day,
    a.month is not null as has_ask
from known_month k
left join unread_month u
    on u.person_key = k.person_key and u.year = k.year and u.month = k.month
left join asked_month a
    on a.person_key = k.person_key and a.year = k.year and a.month = k.month
where u.month is null
