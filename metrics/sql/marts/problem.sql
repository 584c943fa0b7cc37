-- problem: accounts whose last walk was not complete.
-- grain: account
-- columns:
--   run_id: run of that walk
--   account_id: account
--   person_id: person
--   source: source
--   status: incomplete, failed or skipped
--   error: class of the error
--   message: the one line for people
--   ended_at: when the walk ended (UTC)
select w.run_id, w.account_id, w.person_id, w.source, w.status, w.error, w.message, w.ended_at
from walk w
where w.status not in ('complete', 'unchanged')
order by w.account_id
