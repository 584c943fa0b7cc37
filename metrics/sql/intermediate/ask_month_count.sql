-- ask_month_count: a person's calendar months that are known, those wholly read, and those with an ask.
-- grain: person; only where a month is known
-- columns:
--   person_key: person
--   known_months: months with enough covered eligible days
--   read_months: of these, months in which every own act was read
--   ask_months: of these, months with an act that asks the public something
select
    m.person_key,
    cast(count(*) as bigint) as known_months,
    cast(sum(case when m.is_read then 1 else 0 end) as bigint) as read_months,
    cast(sum(case when m.is_read and m.has_ask then 1 else 0 end) as bigint) as ask_months
from ask_month m
group by m.person_key
