-- election_season: each election with its season under the rule chosen.
-- grain: election and level
-- columns:
--   election_id: election
--   jurisdiction: where
--   level: which level of government
--   day: election day (days since 1970-01-01)
--   last_round_day: day of the last round
--   season_first_day: first day of the season
--   is_legal: the season is a regulated period that applies to persons
--   is_verified: the row of elections.csv is not unverified
with ruled as (
    select
        e.*,
        p.season_days,
        p.season_rule = 'legal' and coalesce(e.applies_to, '') = 'person'
            and e.regulated_day is not null as is_legal
    from elections e
    cross join params p
)
select
    r.election_id, r.jurisdiction, r.level, r.day,
    coalesce(r.last_round_day, r.day) as last_round_day,
    greatest(
        case when r.is_legal then r.regulated_day else r.day - r.season_days + 1 end,
        coalesce(r.called_day, r.day - 100000)
    ) as season_first_day,
    r.is_legal,
    coalesce(r.is_verified, false) as is_verified
from ruled r
