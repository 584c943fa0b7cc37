-- ask_month_count: a person's calendar months that are known, those wholly read, and those with an ask.
-- grain: person; only where a month is known
-- columns:
--   person_key: person
--   known_months: months with enough covered eligible days
--   read_months: of these, months in which every own act was read: an unread one may have asked
--   ask_months: of these, months with an act that asks the public something
with month_bound as (
    select d.year, d.month, min(d.day) as first_day, max(d.day) as last_day
    from days d
    group by d.year, d.month
),
known_month as (
    select s.person_key, m.year, m.month
    from person_segment s
    cross join params p
    join month_bound m on m.first_day <= s.last_day and m.last_day >= s.first_day
    where s.is_exposed
    group by s.person_key, m.year, m.month, p.month_days
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
    k.person_key,
    cast(count(*) as bigint) as known_months,
    cast(sum(case when u.month is null then 1 else 0 end) as bigint) as read_months,
    cast(sum(case when u.month is null and a.month is not null then 1 else 0 end) as bigint) as ask_months
from known_month k
left join unread_month u
    on u.person_key = k.person_key and u.year = k.year and u.month = k.month
left join asked_month a
    on a.person_key = k.person_key and a.year = k.year and a.month = k.month
group by k.person_key
