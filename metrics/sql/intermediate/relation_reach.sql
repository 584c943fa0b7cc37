-- relation_reach: people who were watched long enough to say whether they meet citizens again.
-- grain: person with at least one of the two
-- columns:
--   person_key: person
--   has_return: a citizen met on some day could have been followed
--   has_carry_over: a citizen met in some season could have been followed
with reached as (
    select r.person_key, 1 as has_return, 0 as has_carry_over
    from observed_run r
    cross join params p
    join burn_in b on b.person_key = r.person_key
    where r.last_day - p.return_last_days >= greatest(r.first_day, b.burn_day + 1)
    union all
    select s.person_key, 0 as has_return, 1 as has_carry_over
    from followed_season s
    join observed_run r
        on r.person_key = s.person_key
        and r.first_day <= s.last_day and r.last_day >= s.first_day
)
select
    r.person_key,
    max(r.has_return) = 1 as has_return,
    max(r.has_carry_over) = 1 as has_carry_over
from reached r
group by r.person_key
