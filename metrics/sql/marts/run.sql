-- run: where this copy comes from.
-- grain: one row
-- columns:
--   run_id: name of the copy
--   method_version: version of the method
--   code_version: version of the code
--   built_at: when it was built (UTC)
--   window_from_on: first day of the window
--   window_to_on: day after the window's last
--   data_hash: fingerprint of the inputs
--   contract_version: version of these tables and columns, as `winterslaap schema` prints them
--   is_invented: at least one person does not exist
--   last_collected_at: when the last run of collecting ended (UTC)
with collected as (
    select max(c.ended_at) as ended_at from collect_detail c
),
invented as (
    select max(case when d.is_invented then 1 else 0 end) as is_invented from person_detail d
)
select
    r.run_id,
    r.method_version,
    r.code_version,
    r.built_at,
    date '1970-01-01' + p.start_day as window_from_on,
    date '1970-01-01' + p.end_day as window_to_on,
    r.data_hash,
    r.contract_version,
    coalesce(i.is_invented, 0) = 1 as is_invented,
    c.ended_at as last_collected_at
from run_detail r
cross join params p
cross join collected c
cross join invented i
