-- said_count: what own acts on known days say.
-- grain: account, phase and label; only where there are any
-- columns:
--   account_key: account
--   person_key: person
--   phase: season, aftermath, off_season or other_season
--   label: what the text is; null: never read
--   act_count: own acts
--   ask_count: of these, read ones that ask the public something
--   toned_count: of these, those with a tone
--   tone_sum: sum of their tones, in thousandths
--   tone_squares: sum of the squared tones, in millionths
select
    a.account_key,
    a.person_key,
    a.phase,
    a.label,
    cast(count(*) as bigint) as act_count,
    cast(sum(case when a.asks_public and a.label is not null then 1 else 0 end) as bigint) as ask_count,
    cast(count(a.tone_score) as bigint) as toned_count,
    cast(coalesce(sum(a.tone_score), 0) as bigint) as tone_sum,
    cast(coalesce(sum(cast(a.tone_score as bigint) * a.tone_score), 0) as bigint) as tone_squares
from act a
where a.is_own and a.exposed_run is not null
group by a.account_key, a.person_key, a.phase, a.label
