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
    select t.person_key, t.phase, t.root_key, sum(t.act_count) as act_count
    from thread_part t
    group by t.person_key, t.phase, t.root_key
),
thread_sum as (
    select
        t.person_key, t.phase,
        sum(t.act_count) as act_count,
        count(*) as thread_count,
        sum(t.act_count * t.act_count) as thread_squares
    from thread t
    group by t.person_key, t.phase
),
reply_sum as (
    select
        d.person_key, d.phase,
        sum(d.citizen_count) as citizen_count,
        sum(d.politician_count) as politician_count,
        sum(d.party_count) as party_count,
        sum(d.media_count) as media_count,
        sum(d.organisation_count) as organisation_count
    from reply_day d
    group by d.person_key, d.phase
)
select
    t.person_key,
    t.phase,
    cast(t.act_count as bigint) as act_count,
    cast(coalesce(r.citizen_count, 0) as bigint) as citizen_count,
    cast(coalesce(r.politician_count, 0) as bigint) as politician_count,
    cast(coalesce(r.party_count, 0) as bigint) as party_count,
    cast(coalesce(r.media_count, 0) as bigint) as media_count,
    cast(coalesce(r.organisation_count, 0) as bigint) as organisation_count,
    cast(t.thread_count as bigint) as thread_count,
    cast(t.thread_squares as bigint) as thread_squares
from thread_sum t
left join reply_sum r on r.person_key = t.person_key and r.phase = t.phase
