-- account_month_count: calendar months of split accounts that are known, and those with an own act.
-- grain: account; only where a month counts
-- columns:
--   account_key: account
--   counted_months: months with enough known days
--   active_months: of these, months with an own act on one of these days
with month_bound as (
    select d.year, d.month, min(d.day) as first_day, max(d.day) as last_day
    from days d
    group by d.year, d.month
),
known as (
    select
        s.account_key, m.year, m.month,
        sum(least(s.last_day, m.last_day) - greatest(s.first_day, m.first_day) + 1) as covered_days
    from account_segment s
    join split_account x on x.account_key = s.account_key
    join month_bound m on m.first_day <= s.last_day and m.last_day >= s.first_day
    where s.is_known
    group by s.account_key, m.year, m.month
),
acted as (
    select distinct a.account_key, d.year, d.month
    from account_act a
    join days d on d.day = a.day
    where a.is_own
)
select
    k.account_key,
    cast(count(*) as bigint) as counted_months,
    cast(count(a.month) as bigint) as active_months
from known k
cross join params p
left join acted a on a.account_key = k.account_key and a.year = k.year and a.month = k.month
where k.covered_days >= p.month_days
group by k.account_key
