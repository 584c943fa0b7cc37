-- restricted_count: under how many of a person's own posts on known days not everybody may reply.
-- grain: person and phase with at least one such post
-- columns:
--   person_key: person
--   phase: season, aftermath, off_season or other_season
--   post_count: posts that begin a thread, cross-posted copies apart
--   told_count: those whose source tells who may reply
--   restricted_count: of these, those under which the person limited it
select
    a.person_key,
    a.phase,
    cast(count(*) as bigint) as post_count,
    cast(count(a.is_restricted) as bigint) as told_count,
    cast(sum(case when a.is_restricted then 1 else 0 end) as bigint) as restricted_count
from act a
where a.kind = 'post' and a.root_key = a.post_key and a.exposed_run is not null
group by a.person_key, a.phase
