-- return_count: how many citizens could be met again, and how many were.
-- grain: person with at least one such citizen
-- columns:
--   person_key: person
--   partner_count: citizens
--   returned_count: of these, met again
select
    b.person_key,
    cast(sum(b.partner_count) as bigint) as partner_count,
    cast(sum(b.returned_count) as bigint) as returned_count
from return_block b
group by b.person_key
