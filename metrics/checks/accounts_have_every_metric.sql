-- Every account that counts has every metric of accounts once: a value in its interval, or a known reason.
with kind as (
    select distinct m.metric, m.phase from account_metric m
),
counted as (
    select m.account_id, m.metric, m.phase, count(*) as n
    from account_metric m
    group by m.account_id, m.metric, m.phase
)
select a.account_id, k.metric, k.phase, coalesce(c.n, 0) as n
from accounts a
join own_account o on o.account_key = a.account_key
cross join kind k
left join counted c
    on c.account_id = a.account_id and c.metric = k.metric and c.phase = k.phase
where coalesce(c.n, 0) <> 1
union all
select m.account_id, m.metric, m.phase, 1 as n
from account_metric m
where (m.value is null) = (m.reason is null)
    or m.low > m.value or m.high < m.value or (m.low is null) <> (m.high is null)
    or isnan(m.value) or isnan(m.low) or isnan(m.high) or isnan(m.effective_n)
    or (m.is_comparable and m.value is null)
    or m.reason not in ('no_coverage', 'too_short', 'too_few', 'not_observable', 'no_season')
    or (m.metric in ('presence', 'conversation') and (m.value < 0 or m.value > 1 or m.numerator > m.denominator))
