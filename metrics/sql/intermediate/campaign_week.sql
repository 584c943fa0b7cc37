-- campaign_week: campaign posts (asking for votes, trail updates, self-promotion) on read days, per week.
-- grain: person, account, week and phase; only where there are any
-- columns:
--   person_key: person
--   account_key: account
--   week: number of the week in the window
--   phase: season, aftermath, off_season or other_season
--   act_count: campaign posts
select
    a.person_key,
    a.account_key,
    d.week,
    a.phase,
    cast(count(*) as integer) as act_count
from act a
join days d on d.day = a.day
left join unread_day u on u.person_key = a.person_key and u.day = a.day
where a.is_own and a.exposed_run is not null and u.day is null
    and a.label in ('vote_ask', 'trail_update', 'self_promo')
group by a.person_key, a.account_key, d.week, a.phase
