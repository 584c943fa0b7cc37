-- quarter_mix: citizens a person talked with in each quarter, by how well they know each other.
-- grain: person and quarter with an eligible day, where replies are visible
-- columns:
--   person_key: person
--   from_on: first day of the quarter
--   new_count: citizens met for the first time
--   warm_count: the others
--   close_count: citizens met before, and on many days up to the quarter's end
--   reason: no_coverage, too_short or too_few: why the numbers say nothing
with known as (
    select
        s.person_key, q.first_day, q.last_day, q.from_on, q.is_whole,
        sum(case when s.is_exposed and s.has_replies
            then least(s.last_day, q.last_day) - greatest(s.first_day, q.first_day) + 1
            else 0 end) as observed_days
    from person_segment s
    join quarter q on q.first_day <= s.last_day and q.last_day >= s.first_day
    join person_total t on t.person_key = s.person_key and t.shows_replies
    group by s.person_key, q.first_day, q.last_day, q.from_on, q.is_whole
    having max(case when s.is_eligible then 1 else 0 end) = 1
),
met as (
    select t.person_key, t.partner_key, q.first_day, count(*) as day_count
    from talk_day t
    join quarter q on t.day between q.first_day and q.last_day
    group by t.person_key, t.partner_key, q.first_day
),
so_far as (
    select
        m.person_key, m.first_day, m.day_count,
        sum(m.day_count) over (partition by m.person_key, m.partner_key order by m.first_day) as days_met
    from met m
),
counted as (
    select
        s.person_key, s.first_day,
        sum(case when s.days_met = s.day_count then 1 else 0 end) as new_count,
        sum(case when s.days_met > s.day_count and s.days_met < p.close_days then 1 else 0 end) as warm_count,
        sum(case when s.days_met > s.day_count and s.days_met >= p.close_days then 1 else 0 end) as close_count,
        count(*) as partner_count
    from so_far s
    cross join params p
    group by s.person_key, s.first_day
)
select
    k.person_key,
    k.from_on,
    cast(coalesce(c.new_count, 0) as bigint) as new_count,
    cast(coalesce(c.warm_count, 0) as bigint) as warm_count,
    cast(coalesce(c.close_count, 0) as bigint) as close_count,
    case
        when not k.is_whole or k.observed_days < k.last_day - k.first_day + 1 then 'no_coverage'
        when b.burn_day is null or k.first_day <= b.burn_day then 'too_short'
        when coalesce(c.partner_count, 0) < p.relation_count then 'too_few'
    end as reason
from known k
cross join params p
left join burn_in b on b.person_key = k.person_key
left join counted c on c.person_key = k.person_key and c.first_day = k.first_day
