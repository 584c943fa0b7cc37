-- ask_month: calendar months that are known, whether they were wholly read, and whether the person asked something.
-- grain: person and month that is known
-- columns:
--   person_key: person
--   first_day: first day of the month in the window (days since 1970-01-01)
--   is_read: every own act was read: an unread one may have asked
--   has_ask: an act asks the public something
with unread_month as (
    select distinct u.person_key, d.year, d.month
    from unread_day u
    join days d on d.day = u.day
),
asked_month as (
    select distinct a.person_key, d.year, d.month
    from ask a
    join days d on d.day = a.day
)
select
    k.person_key,
    k.first_day,
    u.month is null as is_read,
    a.month is not null as has_ask
from known_month k
left join unread_month u
    on u.person_key = k.person_key and u.year = k.year and u.month = k.month
left join asked_month a
    on a.person_key = k.person_key and a.year = k.year and a.month = k.month
