-- partner_class: who is not a citizen, for one person or for everybody.
-- grain: person and partner; person 0 stands for everybody
-- columns:
--   person_key: person for whom this holds; 0 for everybody
--   partner_key: keyed hash of the partner
--   class: politician, party, media, organisation or own
select
    coalesce(p.person_key, 0) as person_key,
    p.partner_key,
    min(p.class) as class
from partners p
group by coalesce(p.person_key, 0), p.partner_key
