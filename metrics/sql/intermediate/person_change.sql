-- person_change: days on which something about a person's window begins or ends, as steps up and down.
-- grain: person and day
-- columns:
--   person_key: person
--   day: day on which the steps are taken (days since 1970-01-01)
--   eligible_step: mandates and candidacies that begin (+) or ended the day before (-)
--   valid_step: the same for accounts that show acts
--   covered_step: the same for accounts whose acts are known
--   receiving_step: the same for accounts that show what is received
--   received_step: the same for accounts for which what is received is known
--   replying_step: the same for accounts that show replies
--   answering_step: the same for accounts that show what is received and the replies to it
--   season_step: the same for seasons
--   aftermath_step: the same for aftermaths
--   other_step: the same for seasons of elections that do not count for the person, where these are left out
with listed as (
    select distinct m.person_key from mandates m
),
stretch as (
    select m.person_key, 'eligible' as what, m.first_day, m.last_day
    from mandates m
    union all
    select a.person_key, 'eligible' as what, a.first_day, a.last_day
    from own_account a
    left join listed l on l.person_key = a.person_key
    where l.person_key is null
    union all
    select a.person_key, 'valid' as what, a.first_day, a.last_day
    from own_account a
    where a.shows_acts
    union all
    select a.person_key, 'receiving' as what, a.first_day, a.last_day
    from own_account a
    where a.shows_received
    union all
    select a.person_key, 'replying' as what, a.first_day, a.last_day
    from own_account a
    where a.shows_replies
    union all
    select a.person_key, 'answering' as what, a.first_day, a.last_day
    from own_account a
    where a.shows_received and a.shows_replies
    union all
    select s.person_key, case when s.stream = 'acts' then 'covered' else 'received' end as what,
        s.first_day, s.last_day
    from account_span s
    union all
    select e.person_key, 'season' as what, e.season_first_day as first_day, e.season_last_day as last_day
    from person_election e
    union all
    select e.person_key, 'aftermath' as what,
        e.last_round_day + 1 as first_day, e.last_round_day + p.aftermath_days as last_day
    from person_election e
    cross join params p
    union all
    select o.person_key, 'other' as what, o.season_first_day as first_day, o.season_last_day as last_day
    from other_season o
    cross join params p
    where not p.other_season_counts
),
clipped as (
    select
        s.person_key, s.what,
        greatest(s.first_day, p.start_day) as first_day,
        least(s.last_day, p.end_day - 1) as last_day
    from stretch s
    cross join params p
),
step as (
    select c.person_key, c.what, c.first_day as day, 1 as size
    from clipped c
    where c.first_day <= c.last_day
    union all
    select c.person_key, c.what, c.last_day + 1 as day, -1 as size
    from clipped c
    where c.first_day <= c.last_day
    union all
    select p.person_key, 'window' as what, w.start_day as day, 0 as size
    from people p
    cross join params w
)
select
    s.person_key,
    s.day,
    cast(sum(case when s.what = 'eligible' then s.size else 0 end) as integer) as eligible_step,
    cast(sum(case when s.what = 'valid' then s.size else 0 end) as integer) as valid_step,
    cast(sum(case when s.what = 'covered' then s.size else 0 end) as integer) as covered_step,
    cast(sum(case when s.what = 'receiving' then s.size else 0 end) as integer) as receiving_step,
    cast(sum(case when s.what = 'received' then s.size else 0 end) as integer) as received_step,
    cast(sum(case when s.what = 'replying' then s.size else 0 end) as integer) as replying_step,
    cast(sum(case when s.what = 'answering' then s.size else 0 end) as integer) as answering_step,
    cast(sum(case when s.what = 'season' then s.size else 0 end) as integer) as season_step,
    cast(sum(case when s.what = 'aftermath' then s.size else 0 end) as integer) as aftermath_step,
    cast(sum(case when s.what = 'other' then s.size else 0 end) as integer) as other_step
from step s
group by s.person_key, s.day
