-- ask: own acts on known days that ask the public something.
-- grain: item
-- columns:
--   person_key: person
--   post_key: item
--   at: moment (seconds since 1970-01-01, UTC)
--   day: local day (days since 1970-01-01)
--   is_head: it starts its thread
--   shows_replies: its account shows replies
select
    a.person_key,
    a.post_key,
    a.at as at,
    a.day,
    a.root_key = a.post_key as is_head,
    r.shows_replies
from act a
join own_account r on r.account_key = a.account_key
where a.asks_public and a.is_own and a.label is not null and a.exposed_run is not null
