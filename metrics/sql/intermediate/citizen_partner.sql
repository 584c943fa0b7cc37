-- citizen_partner: citizens a person talked with, since when, until when and on how many days.
-- grain: person and citizen
-- columns:
--   person_key: person
--   partner_key: keyed hash of the citizen
--   first_day: day of the first meeting (days since 1970-01-01)
--   last_day: day of the last meeting
--   day_count: days on which they met
--   off_reply_count: replies to the citizen off-season
select
    t.person_key,
    t.partner_key,
    min(t.day) as first_day,
    max(t.day) as last_day,
    cast(count(*) as integer) as day_count,
    cast(sum(case when t.phase = 'off_season' then t.reply_count else 0 end) as integer) as off_reply_count
from talk_day t
group by t.person_key, t.partner_key
