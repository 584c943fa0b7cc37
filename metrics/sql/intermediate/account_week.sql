-- account_week: off-season weeks of split accounts: known or not, with an own act or not.
-- grain: account and off-season week
-- columns:
--   account_key: account
--   week: number of the week in the window
--   is_covered: enough of the off-season days are known
--   is_active: an own act falls on one of the known days
with known as (
    select
        s.account_key, w.week,
        sum(least(s.last_day, w.last_day) - greatest(s.first_day, w.first_day) + 1) as off_days,
        sum(case when s.is_known
            then least(s.last_day, w.last_day) - greatest(s.first_day, w.first_day) + 1
            else 0 end) as covered_days
    from account_segment s
    join split_account x on x.account_key = s.account_key
    join week w on w.first_day <= s.last_day and w.last_day >= s.first_day
    where s.phase = 'off_season'
    group by s.account_key, w.week
),
acted as (
    select distinct a.account_key, d.week
    from account_act a
    join days d on d.day = a.day
    where a.is_own and a.phase = 'off_season'
)
select
    k.account_key, k.week,
    k.covered_days >= p.week_days as is_covered,
    a.week is not null as is_active
from known k
cross join params p
left join acted a on a.account_key = k.account_key and a.week = k.week
where k.off_days >= p.week_days
