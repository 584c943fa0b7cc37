-- season: election seasons of each person; those of other elections in the same country are only tagged.
-- grain: person and election day
-- columns:
--   person_id: person
--   election_id: election; the first by name where several fall on one day
--   from_on: first day of the season
--   to_on: last day of the season: the last round
--   election_on: election day
--   rule: legal (regulated period that applies to persons), 90_days (or another number), or other_season where it is not counted
--   is_counted: the person stands in it or holds an office it renews
--   is_verified: no row of elections.csv behind it is unverified
with both_kinds as (
    select
        e.person_key, e.election_id, e.season_first_day, e.season_last_day, e.day, e.rule,
        true as is_counted, e.is_verified
    from person_election e
    union all
    select
        o.person_key, o.election_id, o.season_first_day, o.season_last_day, o.day,
        'other_season' as rule, false as is_counted, o.is_verified
    from other_season o
)
select
    p.person_id,
    b.election_id,
    date '1970-01-01' + b.season_first_day as from_on,
    date '1970-01-01' + b.season_last_day as to_on,
    date '1970-01-01' + b.day as election_on,
    b.rule,
    b.is_counted,
    b.is_verified
from both_kinds b
join people p on p.person_key = b.person_key
where b.season_first_day <= b.season_last_day
order by p.person_id, election_on
