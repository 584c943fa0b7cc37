-- posted_topic_day: days on which a person wrote about a topic that citizens raised.
-- grain: person, topic and day
-- columns:
--   person_key: person
--   bit: the topic's bit
--   day: local day (days since 1970-01-01)
with raised_once as (
    select distinct r.person_key, r.bit
    from raised_trigger r
)
select distinct d.person_key, r.bit, d.day
from topic_day d
join raised_once r on r.person_key = d.person_key and (d.topic_bits & r.bit) > 0
