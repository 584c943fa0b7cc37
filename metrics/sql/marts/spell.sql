-- spell: silences of 28 days and more on known days, and which of them are published as winter sleep.
-- grain: person and spell
-- columns:
--   person_id: person
--   from_on: first day without an own act
--   to_on: last day without an own act
--   days: length in days
--   level: quiet (28 days and more), asleep (90) or abandoned (365)
--   kind: silent, repost-only or thread-only: what else falls in it
--   is_winter_sleep: published finding: asleep after an election, and no accident of a rare poster
--   is_candidate: a winter sleep by its dates alone
--   is_at_least: it touches the edge of the known days or of the window and may be longer
--   is_possible: it touches an unknown day; never counted
--   is_excused: a documented absence overlaps it
--   election_id: election it starts within 28 days after, if any
--   days_to_next_election: days from its end to the person's next election day
--   p_value: how likely so long a silence is by chance at the person's own rate; candidates only
--   reason: why it is not published: rarely_present or possible
select
    p.person_id,
    date '1970-01-01' + s.first_day as from_on,
    date '1970-01-01' + s.last_day as to_on,
    s.days,
    s.level,
    s.kind,
    coalesce(w.is_winter_sleep, false) as is_winter_sleep,
    s.is_candidate,
    s.is_at_least,
    s.is_possible,
    s.is_excused,
    s.election_id,
    s.days_to_next_election,
    w.p_value,
    case
        when s.is_candidate and not coalesce(w.is_winter_sleep, false) then 'rarely_present'
        when s.level <> 'quiet' and s.election_id is not null and s.is_possible then 'possible'
    end as reason
from silence s
join people p on p.person_key = s.person_key
left join stat_sleep w on w.person_key = s.person_key and w.first_day = s.first_day
order by p.person_id, from_on
