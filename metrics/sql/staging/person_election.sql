-- person_election: elections a person stands in, or that renew an office the person holds, with their season.
-- grain: person and election day
-- columns:
--   person_key: person
--   election_id: election; the first by name where several fall on one day
--   day: election day (days since 1970-01-01)
--   last_round_day: day of the last round
--   season_first_day: first day of the season
--   season_last_day: last day of the season, which is the last round
--   rule: what its first day follows from: legal (a regulated period that applies to persons) or the number of days
--   is_verified: no row of elections.csv behind it is unverified
with linked as (
    select m.person_key, e.*
    from mandates m
    join election_season e on e.election_id = m.election_id
    where m.kind = 'candidacy'
    union all
    select m.person_key, e.*
    from mandates m
    join election_season e on e.jurisdiction = m.jurisdiction and e.level = m.level
    where m.kind = 'mandate' and m.first_day <= e.first_round_day and m.last_day >= e.first_round_day
)
select
    l.person_key,
    min(l.election_id) as election_id,
    l.day,
    max(l.last_round_day) as last_round_day,
    min(l.season_first_day) as season_first_day,
    max(l.last_round_day) as season_last_day,
    case when min(case when l.is_legal then l.season_first_day end) = min(l.season_first_day) then 'legal'
        else concat(cast(max(p.season_days) as string), '_days') end as rule,
    min(case when l.is_verified then 1 else 0 end) = 1 as is_verified
from linked l
cross join params p
group by l.person_key, l.day
