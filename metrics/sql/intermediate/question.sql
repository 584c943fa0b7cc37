-- question: questions of citizens on eligible days, and how long afterwards the person's acts are known.
-- grain: item
-- columns:
--   person_key: person
--   item_key: item
--   at: moment (seconds since 1970-01-01, UTC)
--   day: local day (days since 1970-01-01)
--   asker_key: keyed hash of who asked
--   root_key: first item of its thread
--   phase: season, aftermath, off_season or other_season, by the item's own day
--   known_days: days from the item's own day on which the acts are known without a break; 0: not even that day
--   is_counted: known on the item's day and on every day an answer may still come
select
    r.person_key,
    r.item_key,
    r.at as at,
    r.day,
    r.asker_key,
    r.root_key,
    s.phase,
    coalesce(c.last_day - r.day + 1, 0) as known_days,
    coalesce(c.last_day - r.day >= p.answer_window_days, false) as is_counted
from received_item r
cross join params p
join person_segment s
    on s.person_key = r.person_key and r.day between s.first_day and s.last_day
left join person_run c
    on c.person_key = r.person_key and c.kind = 'covered' and r.day between c.first_day and c.last_day
where s.is_eligible and r.is_answerable and r.is_citizen and r.is_question and not r.is_spam
