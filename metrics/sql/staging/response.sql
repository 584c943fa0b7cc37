-- response: replies and quotes that may answer somebody.
-- grain: item
-- columns:
--   person_key: person
--   at: moment (seconds since 1970-01-01, UTC)
--   root_key: first item of its thread
--   partner_key: whom it answers or quotes
--   quoted_key: of a quote, the item that is quoted
--   is_redirect: only sends the asker elsewhere
--   is_answer: counts as an answer
select
    p.person_key,
    p.at as at,
    coalesce(p.root_key, p.post_key) as root_key,
    p.partner_key,
    case when p.kind = 'quote' then p.parent_key end as quoted_key,
    coalesce(p.is_redirect, false) as is_redirect,
    not coalesce(p.is_redirect, false) or c.redirect_is_answer as is_answer
from posts p
cross join params c
join own_account a
    on a.account_key = p.account_key and p.day between a.first_day and a.last_day
where p.kind in ('reply', 'quote') and not coalesce(p.is_backdated, false)
