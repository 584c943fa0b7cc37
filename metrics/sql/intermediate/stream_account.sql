-- stream_account: accounts whose rhythm in season can be set against their rhythm outside it.
-- grain: stream and account
-- columns:
--   stream: acts (own acts), replies (replies to citizens) or campaign (campaign posts)
--   account_key: account
--   person_key: person
--   run_by: self or office
--   first_day: first valid day (days since 1970-01-01)
--   last_day: last valid day
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
),
kept as (
    select a.*
    from own_account a
    join in_and_out b on b.account_key = a.account_key
    left join opened_in_season o on o.account_key = a.account_key
    where b.season_parts > 0 and b.off_parts > 0 and o.account_key is null
)
select 'acts' as stream, k.account_key, k.person_key, k.run_by, k.first_day, k.last_day
from kept k
union all
select 'replies' as stream, k.account_key, k.person_key, k.run_by, k.first_day, k.last_day
from kept k
where k.shows_replies
union all
select 'campaign' as stream, k.account_key, k.person_key, k.run_by, k.first_day, k.last_day
from kept k
