-- account_conversation: what the conversation share of a split account and its interval are computed from.
-- grain: account and phase with at least one own act
-- columns:
--   account_key: account
--   phase: season or off_season
--   act_count: own acts, replies capped per thread and day
--   citizen_count: replies to citizens, capped
--   thread_count: threads
--   thread_squares: sum over threads of the squared number of own acts
with daily as (
    select
        a.account_key, a.phase, a.root_key, a.day,
        sum(case when a.kind = 'reply' then 1 else 0 end) as reply_count,
        sum(case when a.kind <> 'reply' then 1 else 0 end) as post_count,
        sum(case when a.partner_class = 'citizen' then 1 else 0 end) as citizen_count
    from account_act a
    join own_account r on r.account_key = a.account_key
    cross join params p
    where r.shows_replies and a.kind in ('post', 'quote', 'reply')
        and (p.unknown_partner_counts or coalesce(a.partner_class, '') <> 'unknown')
        and a.phase in ('season', 'off_season')
    group by a.account_key, a.phase, a.root_key, a.day
),
thread as (
    select
        d.account_key, d.phase, d.root_key,
        sum(d.post_count + least(d.reply_count, p.reply_cap)) as act_count,
        sum(least(d.citizen_count, p.reply_cap)) as citizen_count
    from daily d
    cross join params p
    group by d.account_key, d.phase, d.root_key
)
select
    t.account_key,
    t.phase,
    cast(sum(t.act_count) as bigint) as act_count,
    cast(sum(t.citizen_count) as bigint) as citizen_count,
    cast(count(*) as bigint) as thread_count,
    cast(sum(t.act_count * t.act_count) as bigint) as thread_squares
from thread t
group by t.account_key, t.phase
