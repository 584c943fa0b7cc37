-- cliff_count: own acts in the days up to an election day and in the days after it, over a person's elections.
-- grain: person; only where an election's days are all known and no season day follows among them
-- columns:
--   person_key: person
--   election_count: elections that count here
--   before_count: own acts on the days up to and including the last round
--   after_count: own acts on the days after it
with bounded as (
    select distinct
        e.person_key, e.last_round_day,
        e.last_round_day - p.cliff_days + 1 as first_day,
        e.last_round_day + p.cliff_days as last_day,
        2 * p.cliff_days as needed_days
    from person_election e
    cross join params p
),
known as (
    select b.person_key, b.last_round_day, b.first_day, b.last_day
    from bounded b
    join person_segment s
        on s.person_key = b.person_key and s.first_day <= b.last_day and s.last_day >= b.first_day
    where s.is_exposed
    group by b.person_key, b.last_round_day, b.first_day, b.last_day, b.needed_days
    having sum(least(s.last_day, b.last_day) - greatest(s.first_day, b.first_day) + 1) = b.needed_days
),
followed as (
    select distinct k.person_key, k.last_round_day
    from known k
    join person_election e
        on e.person_key = k.person_key
        and e.season_first_day <= k.last_day and e.season_last_day > k.last_round_day
),
alone as (
    select k.*
    from known k
    left join followed f
        on f.person_key = k.person_key and f.last_round_day = k.last_round_day
    where f.person_key is null
),
counted as (
    select
        a.person_key,
        cast(sum(case when d.day <= a.last_round_day then d.act_count else 0 end) as bigint) as before_count,
        cast(sum(case when d.day > a.last_round_day then d.act_count else 0 end) as bigint) as after_count
    from alone a
    join active_day d
        on d.person_key = a.person_key and d.day between a.first_day and a.last_day
    group by a.person_key
),
elections_used as (
    select a.person_key, cast(count(*) as bigint) as election_count
    from alone a
    group by a.person_key
)
select
    u.person_key,
    u.election_count,
    coalesce(c.before_count, 0) as before_count,
    coalesce(c.after_count, 0) as after_count
from elections_used u
left join counted c on c.person_key = u.person_key
