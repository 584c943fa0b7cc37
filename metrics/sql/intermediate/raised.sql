-- raised: who raised what and when: items of citizens with a topic, no insult, no text that several askers share.
-- grain: person, day, asker and set of topics
-- columns:
--   person_key: person
--   day: local day (days since 1970-01-01), eligible and with what is received known
--   phase: season, aftermath, off_season or other_season
--   asker_key: keyed hash of who raised them
--   topic_bits: sum of the bits of the topics
--   item_count: items
select
    r.person_key,
    r.day,
    s.phase,
    r.asker_key,
    r.topic_bits,
    cast(count(*) as bigint) as item_count
from received_item r
join person_segment s
    on s.person_key = r.person_key and r.day between s.first_day and s.last_day
where s.is_eligible and s.is_received_covered and r.is_citizen
    and not r.is_abuse and not r.is_spam and r.topic_bits > 0
group by r.person_key, r.day, s.phase, r.asker_key, r.topic_bits
