-- own_account: accounts that count for their person (run by the person or the office) and what they show.
-- grain: account
-- columns:
--   account_key: account
--   person_key: person
--   run_by: self or office
--   first_day: first valid day (days since 1970-01-01)
--   last_day: last valid day, inclusive
--   shows_acts: own items are visible
--   shows_replies: own items and replies are visible, and no item of the account is of unknown kind
--   shows_received: what others write to the account is visible
with unclear as (
    select distinct p.account_key
    from posts p
    where p.kind = 'unknown'
)
select
    a.account_key,
    a.person_key,
    a.run_by,
    a.first_day,
    a.last_day,
    coalesce(a.shows_acts, false) as shows_acts,
    coalesce(a.shows_acts, false) and coalesce(a.shows_replies, false)
        and u.account_key is null as shows_replies,
    coalesce(a.shows_received, false) as shows_received
from accounts a
left join unclear u on u.account_key = a.account_key
where a.run_by in ('self', 'office') and a.first_day <= a.last_day
