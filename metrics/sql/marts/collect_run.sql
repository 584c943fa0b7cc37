-- collect_run: the runs that collected.
-- grain: run
-- columns:
--   run_id: run
--   began_at: when it began (UTC)
--   ended_at: when it ended (UTC); null: it never said
--   status: complete, incomplete, interrupted, failed or running
--   account_count: accounts walked
--   post_count: own items seen
--   received_count: received items seen
--   request_count: requests made
select
    c.run_id, c.began_at, c.ended_at, c.status,
    c.account_count, c.post_count, c.received_count, c.request_count
from collect_detail c
order by c.began_at, c.run_id
