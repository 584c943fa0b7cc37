-- conversation_count: what the conversation share and its interval are computed from.
-- grain: person and phase with at least one own act
-- columns:
--   person_key: person
--   phase: season or off_season
--   act_count: own acts, replies capped per thread and day
--   citizen_count: replies to citizens, capped
--   politician_count: replies to politicians, capped
--   party_count: replies to parties, capped
--   media_count: replies to media, capped
--   organisation_count: replies to organisations, capped
--   thread_count: threads
--   thread_squares: sum over threads of the squared number of own acts
with thread as (
    select
        d.person_key, d.phase, d.root_key,
        sum(d.act_count) as act_count,
        sum(d.citizen_count) as citizen_count,
        sum(d.politician_count) as politician_count,
        sum(d.party_count) as party_count,
        sum(d.media_count) as media_count,
        sum(d.organisation_count) as organisation_count
    from thread_day d
    group by d.person_key, d.phase, d.root_key
)
select
    t.person_key,
    t.phase,
    cast(sum(t.act_count) as bigint) as act_count,
    cast(sum(t.citizen_count) as bigint) as citizen_count,
    cast(sum(t.politician_count) as bigint) as politician_count,
    cast(sum(t.party_count) as bigint) as party_count,
    cast(sum(t.media_count) as bigint) as media_count,
    cast(sum(t.organisation_count) as bigint) as organisation_count,
    cast(count(*) as bigint) as thread_count,
    cast(sum(t.act_count * t.act_count) as bigint) as thread_squares
from thread t
group by t.person_key, t.phase
