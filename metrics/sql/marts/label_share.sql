-- label_share: what a person's posts are, where enough of them were read; descriptive.
-- grain: person, phase and label that occurs
-- columns:
--   person_id: person
--   phase: off_season or season
--   label: vote_ask, trail_update, self_promo, position, service_info, attack, ask_public, help_thank, personal or none
--   act_count: own acts on known days
--   share: of the own acts that were read
select
    w.person_id,
    c.phase,
    c.label,
    c.act_count,
    c.act_count * cast(1 as double) / nullif(a.read_count, 0) as share
from label_count c
join attitude_count a on a.person_key = c.person_key and a.phase = c.phase
join people w on w.person_key = c.person_key
cross join params p
where c.label is not null and c.phase in ('off_season', 'season') and a.read_count >= p.label_acts
order by w.person_id, c.phase, c.label
