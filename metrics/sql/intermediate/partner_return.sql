-- partner_return: citizens met for the first time after the burn-in and followed long enough to meet again.
-- grain: person and citizen
-- columns:
--   person_key: person
--   partner_key: keyed hash of the citizen
--   first_day: day of the first meeting (days since 1970-01-01)
--   phase: season, aftermath, off_season or other_season, of that day
--   is_returned: they met again in the months that count
with followed as (
    select c.person_key, c.partner_key, c.first_day
    from citizen_partner c
    cross join params p
    join burn_in b on b.person_key = c.person_key and b.burn_day < c.first_day
    join observed_run r
        on r.person_key = c.person_key
        and c.first_day between r.first_day and r.last_day - p.return_last_days
)
select
    f.person_key,
    f.partner_key,
    f.first_day,
    max(case when t.day = f.first_day then t.phase end) as phase,
    max(case when t.day - f.first_day between p.return_first_days and p.return_last_days
        then 1 else 0 end) = 1 as is_returned
from followed f
cross join params p
join talk_day t on t.person_key = f.person_key and t.partner_key = f.partner_key
group by f.person_key, f.partner_key, f.first_day
