-- ask_month: calendar months that were read, and whether the person asked the public something in them.
-- grain: person and month that counts
-- columns:
--   person_key: person
--   year: year
--   month: month, 1 to 12
--   first_day: first day of the month in the window (days since 1970-01-01)
--   has_ask: an act asks the public something on a known, read day
with month_bound as (
    select d.year, d.month, min(d.day) as first_day, max(d.day) as last_day
    from days d
    group by d.year, d.month
),
part as (
    select
        s.person_key, m.year, m.month,
        least(s.last_day, m.last_day) - greatest(s.first_day, m.first_day) + 1 as days
    from person_segment s
    join month_bound m on m.first_day <= s.last_day and m.last_day >= s.first_day
    where s.is_exposed
    union all
    select u.person_key, d.year, d.month, -1 as days
    from unread_day u
    join days d on d.day = u.day
),
read_month as (
    select t.person_key, t.year, t.month, sum(t.days) as days
    from part t
    group by t.person_key, t.year, t.month
),
asked as (
    select distinct a.person_key, d.year, d.month
    from ask a
    join days d on d.day = a.day
    left join unread_day u on u.person_key = a.person_key and u.day = a.day
    where u.day is null
)
select
    r.person_key, r.year, r.month, m.first_day,
    a.month is not null as has_ask
from read_month r
cross join params p
join month_bound m on m.year = r.year and m.month = r.month
left join asked a on a.person_key = r.person_key and a.year = r.year and a.month = r.month
where r.days >= p.month_days
