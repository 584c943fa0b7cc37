-- thread_partial: threads of each person of which not all replies could be fetched.
-- grain: person with at least one thread
-- columns:
--   person_id: person
--   thread_count: threads asked for
--   partial_count: of these, threads known to be incomplete
select t.person_id, t.thread_count, t.partial_count
from thread_detail t
order by t.person_id
