-- funnel: between which shares chance alone would keep people whose truth is their peers' mean.
-- grain: office, level, metric and number of askers
-- columns:
--   office: kind of office
--   level: level of government
--   metric: name of the metric
--   people_count: people behind the centre: those who may be compared
--   n: number of askers
--   centre: mean of the peers' shares, each weighing as many askers as it rests on
--   low_95: 2.5 % would lie below by chance
--   high_95: 2.5 % would lie above by chance
--   low_998: 0.1 % would lie below by chance
--   high_998: 0.1 % would lie above by chance
select
    s.office, s.level, s.metric, s.people_count, s.n, s.centre,
    s.low_95, s.high_95, s.low_998, s.high_998
from stat_funnel s
order by s.office, s.level, s.metric, s.n
