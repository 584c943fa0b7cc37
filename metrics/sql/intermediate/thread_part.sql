-- thread_part: what conversation counts below its line: posts, quotes and capped replies.
-- grain: post or quote; for replies thread and day
-- columns:
--   person_key: person
--   root_key: first item of the thread
--   day: local day (days since 1970-01-01)
--   phase: season or off_season
--   act_count: own acts, replies capped per thread and day
--   citizen_count: of these, replies to citizens
select a.person_key, a.root_key, a.day, a.phase, 1 as act_count, 0 as citizen_count
from act a
join own_account r on r.account_key = a.account_key
where r.shows_replies and a.kind in ('post', 'quote')
    and a.exposed_run is not null and a.phase in ('season', 'off_season')
union all
select d.person_key, d.root_key, d.day, d.phase, d.reply_count as act_count, d.citizen_count
from reply_day d
