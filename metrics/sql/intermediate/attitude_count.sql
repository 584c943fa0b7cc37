-- attitude_count: how many of a person's own acts on known days campaign, serve or ask.
-- grain: person and phase with at least one own act
-- columns:
--   person_key: person
--   phase: season, aftermath, off_season or other_season
--   act_count: own acts, read or not
--   read_count: those whose text was read
--   campaign_count: of these, asking for votes, trail updates and self-promotion
--   service_count: of these, service information, help and thanks
--   ask_count: of these, those that ask the public something
select
    c.person_key,
    c.phase,
    cast(sum(c.act_count) as bigint) as act_count,
    cast(sum(case when c.label is not null then c.act_count else 0 end) as bigint) as read_count,
    cast(sum(case when c.label in ('vote_ask', 'trail_update', 'self_promo')
        then c.act_count else 0 end) as bigint) as campaign_count,
    cast(sum(case when c.label in ('service_info', 'help_thank')
        then c.act_count else 0 end) as bigint) as service_count,
    cast(sum(c.ask_count) as bigint) as ask_count
from label_count c
group by c.person_key, c.phase
