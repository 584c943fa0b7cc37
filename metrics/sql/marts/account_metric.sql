-- account_metric: the same metrics account by account; here a post on two accounts counts on both.
-- grain: account run by the person or the office, metric and phase
-- columns:
--   account_id: account
--   person_id: person
--   metric: presence, active_months, conversation, acts_per_week, tone_acts or tone_received
--   phase: off_season, season or all
--   value: the metric, as in the table metric
--   low: lower end of the 90 % interval
--   high: upper end of the 90 % interval
--   numerator: count above the line (weeks, months, replies, acts)
--   denominator: count below the line
--   effective_n: how many independent observations the interval rests on
--   dispersion_in: of acts_per_week in season: variance over mean of the season's counts, at least 1
--   dispersion_off: of acts_per_week off-season: the same off-season
--   covered_days: eligible days on which what the metric needs is known for the account
--   reason: why there is no value: no_coverage, too_short, too_few, not_observable or no_season
--   is_comparable: accounts may be set side by side on it
with whole as (
    select
        a.account_key, m.metric, m.phase, m.value, m.low, m.high,
        m.numerator, m.denominator, m.effective_n, m.dispersion_in, m.dispersion_off, m.covered_days, m.reason, m.is_comparable
    from stat_metric m
    join own_account a on a.person_key = m.person_key
    left join split_account x on x.account_key = a.account_key
    where x.account_key is null and m.metric in ('presence', 'active_months', 'conversation')
    union all
    select
        s.account_key, s.metric, s.phase, s.value, s.low, s.high,
        s.numerator, s.denominator, s.effective_n, s.dispersion_in, s.dispersion_off, s.covered_days, s.reason, s.is_comparable
    from stat_account s
)
select
    a.account_id, p.person_id, w.metric, w.phase, w.value, w.low, w.high,
    w.numerator, w.denominator, w.effective_n, w.dispersion_in, w.dispersion_off, w.covered_days, w.reason, w.is_comparable
from whole w
join accounts a on a.account_key = w.account_key
join people p on p.person_key = a.person_key
order by a.account_id, w.metric, w.phase
