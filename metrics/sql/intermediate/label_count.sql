-- label_count: own acts on known days by what their text is.
-- grain: person, phase and label; only where there are any
-- columns:
--   person_key: person
--   phase: season, aftermath, off_season or other_season
--   label: what the text is; null: never read
--   act_count: own acts
--   ask_count: of these, those that ask the public something
select
    s.person_key,
    s.phase,
    s.label,
    cast(sum(s.act_count) as bigint) as act_count,
    cast(sum(s.ask_count) as bigint) as ask_count
from said_count s
group by s.person_key, s.phase, s.label
