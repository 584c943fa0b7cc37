-- account: where people post, what that shows and since when it is known.
-- grain: account
-- columns:
--   account_id: account
--   person_id: person
--   platform: source
--   handle: handle or address
--   run_by: self, office, party or campaign; the last two never count for the person
--   valid_from_on: first day the account counts, from the roster; null: since it exists
--   valid_to_on: last day the account counts; null: still
--   status: what the platform said last: active, moved, suspended, deactivated, gone, private, declined
--   shows_acts: own items are visible
--   shows_replies: replies are visible
--   shows_received: answers under own posts are visible
--   shows_mentions: mentions elsewhere are visible
--   first_covered_on: first day of the window on which the own acts are known
--   last_covered_on: last such day
--   last_run_at: when the last walk ended (UTC)
--   last_run_status: how it ended
--   last_message: its one line for people
--   last_error: class of its error
with known as (
    select s.account_key, min(s.first_day) as first_day, max(s.last_day) as last_day
    from account_span s
    where s.stream = 'acts'
    group by s.account_key
)
select
    a.account_id,
    p.person_id,
    a.platform,
    d.handle,
    a.run_by,
    d.from_on as valid_from_on,
    d.to_on as valid_to_on,
    d.status,
    a.shows_acts,
    a.shows_replies,
    a.shows_received,
    a.shows_mentions,
    date '1970-01-01' + k.first_day as first_covered_on,
    date '1970-01-01' + k.last_day as last_covered_on,
    d.last_run_at,
    d.last_run_status,
    d.last_message,
    d.last_error
from accounts a
join people p on p.person_key = a.person_key
left join account_detail d on d.account_key = a.account_key
left join known k on k.account_key = a.account_key
order by p.person_id, a.account_id
