-- account_total: how many of an account's days count for what.
-- grain: account
-- columns:
--   account_key: account
--   covered_days: eligible days on which the account's acts are known
--   off_days: of these, off-season
--   season_days: of these, in season
--   observed_days: of these days, those on which replies would be seen
--   observed_off_days: of these, off-season
--   observed_season_days: of these, in season
--   received_days: eligible days on which what the account receives is known
--   received_off_days: of these, off-season
--   received_season_days: of these, in season
--   has_season: the window holds a day of a season that counts for the person
--   shows_acts: own items are visible
--   shows_replies: replies are visible
--   shows_received: what others write to the account is visible
with known as (
    select
        s.account_key,
        sum(s.last_day - s.first_day + 1) as days,
        sum(case when s.phase = 'off_season' then s.last_day - s.first_day + 1 else 0 end) as off_days,
        sum(case when s.phase = 'season' then s.last_day - s.first_day + 1 else 0 end) as season_days
    from account_segment s
    where s.is_known
    group by s.account_key
),
heard as (
    select
        s.account_key,
        sum(s.last_day - s.first_day + 1) as days,
        sum(case when s.phase = 'off_season' then s.last_day - s.first_day + 1 else 0 end) as off_days,
        sum(case when s.phase = 'season' then s.last_day - s.first_day + 1 else 0 end) as season_days
    from account_segment s
    where s.is_heard
    group by s.account_key
)
select
    a.account_key,
    cast(coalesce(k.days, 0) as bigint) as covered_days,
    cast(coalesce(k.off_days, 0) as bigint) as off_days,
    cast(coalesce(k.season_days, 0) as bigint) as season_days,
    cast(case when a.shows_replies then coalesce(k.days, 0) else 0 end as bigint) as observed_days,
    cast(case when a.shows_replies then coalesce(k.off_days, 0) else 0 end as bigint) as observed_off_days,
    cast(case when a.shows_replies then coalesce(k.season_days, 0) else 0 end as bigint) as observed_season_days,
    cast(coalesce(h.days, 0) as bigint) as received_days,
    cast(coalesce(h.off_days, 0) as bigint) as received_off_days,
    cast(coalesce(h.season_days, 0) as bigint) as received_season_days,
    t.has_season,
    a.shows_acts,
    a.shows_replies,
    a.shows_received
from own_account a
join person_total t on t.person_key = a.person_key
left join known k on k.account_key = a.account_key
left join heard h on h.account_key = a.account_key
