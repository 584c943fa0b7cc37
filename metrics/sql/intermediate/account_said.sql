-- account_said: own acts of each account on known days, and their tone.
-- grain: account and phase; only where there are any
-- columns:
--   account_key: account
--   phase: season, aftermath, off_season or other_season
--   text_count: own acts
--   toned_count: of these, those with a tone
--   tone_sum: sum of their tones, in thousandths
--   tone_squares: sum of the squared tones, in millionths
with kept as (
    select a.account_key, a.phase, a.tone_score
    from account_act a
    where a.is_own
    union all
    select a.account_key, a.phase, a.tone_score
    from act a
    left join split_account x on x.account_key = a.account_key
    where a.is_own and a.exposed_run is not null and x.account_key is null
)
select
    k.account_key,
    k.phase,
    cast(count(*) as bigint) as text_count,
    cast(count(k.tone_score) as bigint) as toned_count,
    cast(coalesce(sum(k.tone_score), 0) as bigint) as tone_sum,
    cast(coalesce(sum(cast(k.tone_score as bigint) * k.tone_score), 0) as bigint) as tone_squares
from kept k
group by k.account_key, k.phase
