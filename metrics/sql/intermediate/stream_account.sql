-- stream_account: accounts whose rhythm in season can be set against their rhythm outside it.
-- grain: account
-- columns:
--   account_key: account
--   person_key: person
--   run_by: self or office
--   first_day: first valid day (days since 1970-01-01)
--   last_day: last valid day
--   shows_replies: its replies to citizens are a rhythm too, beside own acts and campaign posts
with in_and_out as (
    select
        a.account_key,
        sum(case when s.phase = 'season' then 1 else 0 end) as season_parts,
        sum(case when s.phase = 'off_season' then 1 else 0 end) as off_parts
    from own_account a
    join person_segment s
        on s.person_key = a.person_key and s.first_day <= a.last_day and s.last_day >= a.first_day
    where s.is_exposed and a.shows_acts
    group by a.account_key
),
opened_in_season as (
    select distinct a.account_key
    from own_account a
    join person_election e
        on e.person_key = a.person_key
        and a.first_day between e.season_first_day and e.season_last_day
)
select a.account_key, a.person_key, a.run_by, a.first_day, a.last_day, a.shows_replies
from own_account a
join in_and_out b on b.account_key = a.account_key
left join opened_in_season o on o.account_key = a.account_key
where b.season_parts > 0 and b.off_parts > 0 and o.account_key is null
