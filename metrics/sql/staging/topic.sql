-- topic: what a text may be about, in the order of metrics.text.TOPICS.
-- grain: topic
-- columns:
--   topic: its name
--   bit: its share of topic_bits in posts and received
select 'mobility' as topic, cast(1 as bigint) as bit
union all select 'safety' as topic, cast(2 as bigint) as bit
union all select 'taxes' as topic, cast(4 as bigint) as bit
union all select 'housing' as topic, cast(8 as bigint) as bit
union all select 'waste' as topic, cast(16 as bigint) as bit
union all select 'schools' as topic, cast(32 as bigint) as bit
union all select 'green' as topic, cast(64 as bigint) as bit
union all select 'care' as topic, cast(128 as bigint) as bit
union all select 'economy' as topic, cast(256 as bigint) as bit
union all select 'public_space' as topic, cast(512 as bigint) as bit
union all select 'culture' as topic, cast(1024 as bigint) as bit
union all select 'governance' as topic, cast(2048 as bigint) as bit
union all select 'migration' as topic, cast(4096 as bigint) as bit
