-- account_rhythm: how an account's own acts lie over whole known weeks and 4-week blocks.
-- grain: account and phase with a whole known week
-- columns:
--   account_key: account
--   phase: season or off_season
--   week_units: weeks wholly in the phase and known
--   week_sum: own acts in these weeks
--   week_squares: sum of their squared numbers of own acts
--   block_units: 4-week blocks wholly in the phase and known
--   block_sum: own acts in these blocks
--   block_squares: sum of their squared numbers of own acts
with part as (
    select
        s.account_key, s.phase, w.week, w.block,
        least(s.last_day, w.last_day) - greatest(s.first_day, w.first_day) + 1 as days
    from account_segment s
    join week w on w.first_day <= s.last_day and w.last_day >= s.first_day
    where s.is_known and s.phase in ('season', 'off_season')
),
whole as (
    select p.account_key, p.phase, p.week, p.block
    from part p
    where p.days = 7
    union all
    select p.account_key, p.phase, p.week, p.block
    from part p
    where p.days < 7
    group by p.account_key, p.phase, p.week, p.block
    having sum(p.days) = 7
),
acted as (
    select a.account_key, a.phase, d.week, count(*) as act_count
    from account_act a
    join days d on d.day = a.day
    where a.is_own
    group by a.account_key, a.phase, d.week
    union all
    select a.account_key, a.phase, a.week, a.act_count
    from act_week a
    left join split_account x on x.account_key = a.account_key
    where x.account_key is null
),
by_week as (
    select
        w.account_key, w.phase, w.week, w.block, 1 as weeks,
        cast(coalesce(a.act_count, 0) as bigint) as act_count
    from whole w
    left join acted a on a.account_key = w.account_key and a.phase = w.phase and a.week = w.week
),
by_block as (
    select
        w.account_key, w.phase, w.block, 4 as weeks,
        cast(sum(w.act_count) as bigint) as act_count
    from by_week w
    group by w.account_key, w.phase, w.block
    having count(*) = 4
),
unit as (
    select w.account_key, w.phase, w.weeks, w.act_count
    from by_week w
    union all
    select b.account_key, b.phase, b.weeks, b.act_count
    from by_block b
)
select
    u.account_key,
    u.phase,
    cast(sum(case when u.weeks = 1 then 1 else 0 end) as bigint) as week_units,
    cast(sum(case when u.weeks = 1 then u.act_count else 0 end) as bigint) as week_sum,
    cast(sum(case when u.weeks = 1 then u.act_count * u.act_count else 0 end) as bigint) as week_squares,
    cast(sum(case when u.weeks = 4 then 1 else 0 end) as bigint) as block_units,
    cast(sum(case when u.weeks = 4 then u.act_count else 0 end) as bigint) as block_sum,
    cast(sum(case when u.weeks = 4 then u.act_count * u.act_count else 0 end) as bigint) as block_squares
from unit u
group by u.account_key, u.phase
