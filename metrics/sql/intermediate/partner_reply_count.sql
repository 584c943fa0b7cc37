-- partner_reply_count: off-season, citizens that are alike in how many replies they got.
-- grain: person and number of replies
-- columns:
--   person_key: person
--   reply_count: replies to each of these citizens
--   partner_count: number of citizens
select
    c.person_key, c.off_reply_count as reply_count,
    cast(count(*) as bigint) as partner_count
from citizen_partner c
where c.off_reply_count > 0
group by c.person_key, c.off_reply_count
