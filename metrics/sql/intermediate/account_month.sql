-- account_month: calendar months of split accounts that are known: with an own act or not.
-- grain: account and month with enough known days
-- columns:
--   account_key: account
--   month: number of the month (12 × year + month)
--   is_active: an own act falls on one of its known days
with known as (
    select s.account_key, m.year, m.month
    from account_segment s
    cross join params p
    join split_account x on x.account_key = s.account_key
    join calendar_month m on m.first_day <= s.last_day and m.last_day >= s.first_day
    where s.is_known
    group by s.account_key, m.year, m.month, p.month_days
    having sum(least(s.last_day, m.last_day) - greatest(s.first_day, m.first_day) + 1) >= p.month_days
),
acted as (
    select distinct a.account_key, d.year, d.month
    from account_act a
    join days d on d.day = a.day
    where a.is_own
)
select
    k.account_key,
    cast(12 * k.year + k.month as integer) as month,
    a.month is not null as is_active
from known k
left join acted a on a.account_key = k.account_key and a.year = k.year and a.month = k.month
