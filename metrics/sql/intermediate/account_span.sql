-- account_span: unbroken runs of days on which an account was valid and a stream of it is known.
-- grain: account, stream and run
-- columns:
--   account_key: account
--   person_key: person
--   stream: acts or received
--   first_day: first day of the run (days since 1970-01-01), inside the window
--   last_day: last day of the run, inclusive
with clipped as (
    select
        a.account_key, a.person_key, s.stream,
        greatest(s.first_day, a.first_day, p.start_day) as first_day,
        least(s.last_day, a.last_day, p.end_day - 1) as last_day
    from spans s
    join own_account a on a.account_key = s.account_key
    cross join params p
    where (s.stream = 'acts' and a.shows_acts) or (s.stream = 'received' and a.shows_received)
),
change as (
    select c.account_key, c.person_key, c.stream, c.first_day as day, 1 as step
    from clipped c
    where c.first_day <= c.last_day
    union all
    select c.account_key, c.person_key, c.stream, c.last_day + 1 as day, -1 as step
    from clipped c
    where c.first_day <= c.last_day
),
level as (
    select
        c.account_key, c.person_key, c.stream, c.day,
        sum(sum(c.step)) over (partition by c.account_key, c.stream order by c.day) as depth
    from change c
    group by c.account_key, c.person_key, c.stream, c.day
),
edge as (
    select
        v.*,
        lag(v.depth, 1, 0) over (partition by v.account_key, v.stream order by v.day) as depth_before
    from level v
),
paired as (
    select
        e.*,
        lead(e.day) over (partition by e.account_key, e.stream order by e.day) as next_day
    from edge e
    where e.depth = 0 or e.depth_before = 0
)
select p.account_key, p.person_key, p.stream, p.day as first_day, p.next_day - 1 as last_day
from paired p
where p.depth > 0
