-- topic_day: read own acts on known days by what they are about.
-- grain: person, day and set of topics; only where there is a topic
-- columns:
--   person_key: person
--   day: local day (days since 1970-01-01)
--   phase: season, aftermath, off_season or other_season
--   topic_bits: sum of the bits of the topics
--   act_count: own acts about exactly these topics
select
    a.person_key,
    a.day,
    a.phase,
    a.topic_bits,
    cast(count(*) as bigint) as act_count
from act a
where a.is_own and a.exposed_run is not null and a.label is not null and a.topic_bits > 0
group by a.person_key, a.day, a.phase, a.topic_bits
