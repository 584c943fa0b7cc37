-- partner_mix: in each quarter, how many of the citizens a person talked with were new, warm or close.
-- grain: person and calendar quarter with an eligible day, where replies are visible
-- columns:
--   person_id: person
--   quarter_from_on: first day of the quarter
--   new_count: citizens met for the first time; null where they are one to nine, and where fewer than ten were met in the quarter
--   warm_count: the others; null as above
--   close_count: citizens met before, and on five days or more up to the quarter's end; null as above
--   reason: why there are no numbers: no_coverage (a day of the quarter is unknown), too_short (our knowledge begins in it or shortly before) or too_few
select
    p.person_id,
    q.from_on as quarter_from_on,
    case when q.reason is null and (q.new_count = 0 or q.new_count >= c.citizen_count)
        then q.new_count end as new_count,
    case when q.reason is null and (q.warm_count = 0 or q.warm_count >= c.citizen_count)
        then q.warm_count end as warm_count,
    case when q.reason is null and (q.close_count = 0 or q.close_count >= c.citizen_count)
        then q.close_count end as close_count,
    q.reason
from quarter_mix q
cross join params c
join people p on p.person_key = q.person_key
order by p.person_id, quarter_from_on
