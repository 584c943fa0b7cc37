-- other_season: seasons in the window of elections in a person's country that do not count for the person.
-- grain: person and election day on which no election counts for the person
-- columns:
--   person_key: person
--   election_id: election; the first by name where several fall on one day
--   day: election day (days since 1970-01-01)
--   season_first_day: first day of the season
--   season_last_day: last day of the season, which is the last round
--   is_verified: no row of elections.csv behind it is unverified
with country as (
    select distinct m.person_key, substr(m.jurisdiction, 1, 2) as country
    from mandates m
)
select
    c.person_key,
    min(e.election_id) as election_id,
    e.day,
    min(e.season_first_day) as season_first_day,
    max(e.last_round_day) as season_last_day,
    min(case when e.is_verified then 1 else 0 end) = 1 as is_verified
from country c
join election_season e on substr(e.jurisdiction, 1, 2) = c.country
cross join params p
left join person_election o on o.person_key = c.person_key and o.day = e.day
where e.season_first_day < p.end_day and e.last_round_day >= p.start_day and o.person_key is null
group by c.person_key, e.day
