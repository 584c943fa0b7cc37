-- act_week: own acts on days that count, per week.
-- grain: person, account, week and phase; only where there are any
-- columns:
--   person_key: person
--   account_key: account
--   week: number of the week in the window
--   phase: season, aftermath, off_season or other_season
--   act_count: own acts
--   citizen_reply_count: replies to citizens
select
    a.person_key,
    a.account_key,
    d.week,
    a.phase,
    cast(count(*) as integer) as act_count,
    cast(sum(case when a.partner_class = 'citizen' then 1 else 0 end) as integer) as citizen_reply_count
from act a
join days d on d.day = a.day
where a.is_own and a.exposed_run is not null
group by a.person_key, a.account_key, d.week, a.phase
