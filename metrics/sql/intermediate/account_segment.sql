-- account_segment: the days on which an account was valid, cut into stretches that are alike.
-- grain: account and stretch
-- columns:
--   account_key: account
--   first_day: first day (days since 1970-01-01)
--   last_day: last day, inclusive
--   phase: season, aftermath, off_season or other_season, of its person
--   is_known: the account's own acts are known
--   is_heard: what the account receives is known
select
    a.account_key,
    s.first_day,
    s.last_day,
    s.phase,
    k.account_key is not null as is_known,
    h.account_key is not null as is_heard
from own_account a
join person_segment s
    on s.person_key = a.person_key and s.first_day between a.first_day and a.last_day
left join account_span k
    on k.account_key = a.account_key and k.stream = 'acts'
    and s.first_day between k.first_day and k.last_day
left join account_span h
    on h.account_key = a.account_key and h.stream = 'received'
    and s.first_day between h.first_day and h.last_day
where s.is_eligible
