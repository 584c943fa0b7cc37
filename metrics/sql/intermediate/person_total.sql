-- person_total: how many of a person's days count for what.
-- grain: person
-- columns:
--   person_key: person
--   eligible_days: days with a mandate or candidacy
--   covered_days: eligible days on which the acts are known
--   received_days: eligible days on which what is received is known
--   first_day: first eligible day on which the acts are known (days since 1970-01-01)
--   last_day: last such day
--   off_days: covered eligible days off-season
--   season_days: covered eligible days in season
--   observed_days: covered eligible days on which replies would be seen
--   observed_off_days: of these, off-season
--   observed_season_days: of these, in season
--   received_off_days: received_days off-season on which an answer would be seen
--   received_season_days: the same in season
--   heard_off_days: received_days off-season, whether or not an answer would be seen
--   heard_season_days: the same in season
--   has_season: the window holds a day of a season that counts
--   shows_acts: an account shows acts
--   shows_replies: an account shows replies
--   shows_received: an account shows what is received
--   shows_answers: an account shows what is received and the replies to it
with account_flag as (
    select
        a.person_key,
        max(case when a.shows_acts then 1 else 0 end) as shows_acts,
        max(case when a.shows_replies then 1 else 0 end) as shows_replies,
        max(case when a.shows_received then 1 else 0 end) as shows_received,
        max(case when a.shows_received and a.shows_replies then 1 else 0 end) as shows_answers
    from own_account a
    group by a.person_key
),
sized as (
    select s.*, s.last_day - s.first_day + 1 as days
    from person_segment s
),
total as (
    select
        s.person_key,
        sum(case when s.is_eligible then s.days else 0 end) as eligible_days,
        sum(case when s.is_exposed then s.days else 0 end) as covered_days,
        sum(case when s.is_eligible and s.is_received_covered then s.days else 0 end) as received_days,
        min(case when s.is_exposed then s.first_day end) as first_day,
        max(case when s.is_exposed then s.last_day end) as last_day,
        sum(case when s.is_exposed and s.phase = 'off_season' then s.days else 0 end) as off_days,
        sum(case when s.is_exposed and s.phase = 'season' then s.days else 0 end) as season_days,
        sum(case when s.is_exposed and s.has_replies then s.days else 0 end) as observed_days,
        sum(case when s.is_exposed and s.has_replies and s.phase = 'off_season'
            then s.days else 0 end) as observed_off_days,
        sum(case when s.is_exposed and s.has_replies and s.phase = 'season'
            then s.days else 0 end) as observed_season_days,
        sum(case when s.is_eligible and s.is_received_covered and s.has_answers and s.phase = 'off_season'
            then s.days else 0 end) as received_off_days,
        sum(case when s.is_eligible and s.is_received_covered and s.has_answers and s.phase = 'season'
            then s.days else 0 end) as received_season_days,
        sum(case when s.is_eligible and s.is_received_covered and s.phase = 'off_season'
            then s.days else 0 end) as heard_off_days,
        sum(case when s.is_eligible and s.is_received_covered and s.phase = 'season'
            then s.days else 0 end) as heard_season_days,
        max(case when s.phase = 'season' then 1 else 0 end) as has_season
    from sized s
    group by s.person_key
)
select
    t.person_key,
    cast(t.eligible_days as bigint) as eligible_days,
    cast(t.covered_days as bigint) as covered_days,
    cast(t.received_days as bigint) as received_days,
    t.first_day,
    t.last_day,
    cast(t.off_days as bigint) as off_days,
    cast(t.season_days as bigint) as season_days,
    cast(t.observed_days as bigint) as observed_days,
    cast(t.observed_off_days as bigint) as observed_off_days,
    cast(t.observed_season_days as bigint) as observed_season_days,
    cast(t.received_off_days as bigint) as received_off_days,
    cast(t.received_season_days as bigint) as received_season_days,
    cast(t.heard_off_days as bigint) as heard_off_days,
    cast(t.heard_season_days as bigint) as heard_season_days,
    t.has_season = 1 as has_season,
    coalesce(f.shows_acts, 0) = 1 as shows_acts,
    coalesce(f.shows_replies, 0) = 1 as shows_replies,
    coalesce(f.shows_received, 0) = 1 as shows_received,
    coalesce(f.shows_answers, 0) = 1 as shows_answers
from total t
left join account_flag f on f.person_key = t.person_key
