-- person_segment: the window cut into stretches of days that are alike; together they are the person-days.
-- grain: person and stretch; the stretches of a person tile the window
-- columns:
--   person_key: person
--   first_day: first day (days since 1970-01-01)
--   last_day: last day, inclusive
--   is_eligible: a mandate or candidacy holds (none listed: an account was valid)
--   is_covered: at least one account that shows acts is valid, and of all of them the acts are known
--   is_received_covered: the same for what is received
--   has_replies: a valid account shows replies
--   has_answers: a valid account shows what is received and the replies to it
--   phase: season, aftermath, other_season (where those are left out) or off_season
--   is_exposed: eligible and covered: the day counts in rates
--   exposed_run: number of the unbroken run of exposed days, per person; null where not exposed
with depth as (
    select
        c.person_key, c.day,
        sum(c.eligible_step) over w as eligible,
        sum(c.valid_step) over w as valid,
        sum(c.covered_step) over w as covered,
        sum(c.receiving_step) over w as receiving,
        sum(c.received_step) over w as received,
        sum(c.replying_step) over w as replying,
        sum(c.answering_step) over w as answering,
        sum(c.season_step) over w as season,
        sum(c.aftermath_step) over w as aftermath,
        sum(c.other_step) over w as other
    from person_change c
    window w as (partition by c.person_key order by c.day)
),
named as (
    select
        d.person_key, d.day,
        d.eligible > 0 as is_eligible,
        d.valid > 0 and d.covered = d.valid as is_covered,
        d.receiving > 0 and d.received = d.receiving as is_received_covered,
        d.replying > 0 as has_replies,
        d.answering > 0 as has_answers,
        case when d.season > 0 then 'season' when d.aftermath > 0 then 'aftermath'
            when d.other > 0 then 'other_season' else 'off_season' end as phase,
        lead(d.day) over (partition by d.person_key order by d.day) - 1 as last_day
    from depth d
),
exposed as (
    select
        n.*,
        coalesce(n.last_day, p.end_day - 1) as closed_day,
        n.is_eligible and n.is_covered as is_exposed
    from named n
    cross join params p
    where n.day < p.end_day
),
broken as (
    select
        e.*,
        case when e.is_exposed and not lag(e.is_exposed, 1, false) over (
            partition by e.person_key order by e.day) then 1 else 0 end as is_start
    from exposed e
)
select
    b.person_key,
    b.day as first_day,
    b.closed_day as last_day,
    b.is_eligible, b.is_covered, b.is_received_covered, b.has_replies, b.has_answers, b.phase, b.is_exposed,
    case when b.is_exposed then cast(sum(b.is_start) over (
        partition by b.person_key order by b.day) as integer) end as exposed_run
from broken b
