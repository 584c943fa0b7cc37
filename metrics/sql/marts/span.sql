-- span: unbroken runs of days of one kind, for calendars.
-- grain: person, kind and run
-- columns:
--   person_id: person
--   kind: eligible, covered, received_covered or absence
--   from_on: first day
--   to_on: last day, inclusive
with both_sources as (
    select r.person_key, r.kind, r.first_day, r.last_day
    from person_run r
    where r.kind <> 'exposed'
    union all
    select
        a.person_key, 'absence' as kind,
        greatest(a.first_day, p.start_day) as first_day,
        least(a.last_day, p.end_day - 1) as last_day
    from absences a
    cross join params p
)
select
    p.person_id,
    b.kind,
    date '1970-01-01' + b.first_day as from_on,
    date '1970-01-01' + b.last_day as to_on
from both_sources b
join people p on p.person_key = b.person_key
where b.first_day <= b.last_day
order by p.person_id, b.kind, from_on, to_on
