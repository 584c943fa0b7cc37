-- peer: what is usual among people with the same kind of office at the same level.
-- grain: office, level, metric and phase with at least six people who may be compared
-- columns:
--   office: kind of office
--   level: level of government
--   metric: name of the metric
--   phase: off_season, season or all
--   people_count: people behind it
--   median: median of their values
--   low_quartile: a quarter of them lie below
--   high_quartile: a quarter of them lie above
select s.office, s.level, s.metric, s.phase, s.people_count, s.median, s.low_quartile, s.high_quartile
from stat_peer s
order by s.office, s.level, s.metric, s.phase
