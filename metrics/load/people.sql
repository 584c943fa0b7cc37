-- Who is watched: keys in the order of ids; the office is the current or last one, else the last candidacy.
create or replace temp table person_zone as
select
    cast(row_number() over (order by p.person_id) as integer) as person_key,
    p.person_id, coalesce(p.timezone, 'Europe/Brussels') as timezone
from roster_people p;

create or replace temp table mandate_day as
select
    z.person_key, m.kind, m.office, m.jurisdiction, m.level, m.election_id,
    m.from_on - date '1970-01-01' as first_day,
    coalesce(m.to_on - date '1970-01-01', 1000000) as last_day
from roster_mandates m
join person_zone z using (person_id);

insert into mandates by name
select
    person_key, kind, jurisdiction, level, election_id,
    first_day::integer as first_day, last_day::integer as last_day
from mandate_day
order by all;

create or replace temp table person_office as
select person_key, m.office, m.level, m.jurisdiction
from mandate_day m, params p
where m.first_day < p.end_day
qualify row_number() over (
    partition by person_key
    order by m.kind = 'mandate' desc, least(m.last_day, p.end_day) desc, m.first_day desc,
        m.office, m.level, m.jurisdiction
) = 1;

insert into people by name
select z.person_key, z.person_id, o.office, o.level
from person_zone z
left join person_office o using (person_key)
order by z.person_key;

insert into elections by name
select
    e.election_id, e.jurisdiction, unnest(string_split(e.level, '+')) as level,
    (e.day - date '1970-01-01')::integer as day,
    (coalesce(e.last_round, e.day) - date '1970-01-01')::integer as last_round_day,
    (e.called_on - date '1970-01-01')::integer as called_day,
    (e.regulated_start - date '1970-01-01')::integer as regulated_day,
    e.applies_to,
    e.confidence <> 'unverified' as is_verified
from roster_elections e
order by all;

insert into absences by name
select
    z.person_key,
    (a.from_on - date '1970-01-01')::integer as first_day,
    coalesce(a.to_on - date '1970-01-01', 1000000)::integer as last_day
from roster_absences a
join person_zone z using (person_id)
order by all;

insert into partners by name
select partner_key, max_by(class, (seen_at, class)) as class, null as person_key
from store.known_key
group by partner_key
union all
select distinct o.partner_key, 'own' as class, z.person_key
from store.own_key o
join person_zone z using (person_id)
order by all;
