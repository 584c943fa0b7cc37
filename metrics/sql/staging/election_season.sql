-- election_season: each election day with its season under the rule chosen; rounds far apart are days of their own.
-- grain: election, level and season
-- columns:
--   election_id: election
--   jurisdiction: where
--   level: which level of government
--   day: election day (days since 1970-01-01)
--   first_round_day: day of the first round; who holds the office then is concerned by every round
--   last_round_day: day of the last round of this season
--   season_first_day: first day of the season
--   is_legal: the season is a regulated period that applies to persons
--   is_verified: the row of elections.csv is not unverified
with ruled as (
    select
        e.election_id, e.jurisdiction, e.level, e.day, e.called_day, e.regulated_day,
        coalesce(e.last_round_day, e.day) as last_round_day,
        coalesce(e.is_verified, false) as is_verified,
        p.season_days, p.round_days,
        p.season_rule = 'legal' and coalesce(e.applies_to, '') = 'person'
            and e.regulated_day is not null as is_legal
    from elections e
    cross join params p
),
held as (
    select
        r.*, r.day as first_round_day,
        case when r.last_round_day - r.day > r.round_days then r.day else r.last_round_day end as round_day,
        greatest(
            case when r.is_legal then r.regulated_day else r.day - r.season_days + 1 end,
            coalesce(r.called_day, r.day - 100000)
        ) as season_first_day
    from ruled r
)
select
    h.election_id, h.jurisdiction, h.level, h.day, h.first_round_day, h.round_day as last_round_day,
    h.season_first_day, h.is_legal, h.is_verified
from held h
union all
select
    h.election_id, h.jurisdiction, h.level, h.last_round_day as day, h.first_round_day, h.last_round_day,
    greatest(h.day + 1, h.last_round_day - h.season_days + 1) as season_first_day,
    false as is_legal, h.is_verified
from held h
where h.last_round_day > h.round_day
