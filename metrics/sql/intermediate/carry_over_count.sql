-- carry_over_count: citizens talked with in a season, and those talked with again off-season within a year.
-- grain: person with at least one such citizen; each citizen counts once, by the first season that can be followed
-- columns:
--   person_key: person
--   partner_count: citizens
--   carried_count: of these, talked with again off-season
with met as (
    select t.person_key, t.partner_key, min(s.last_day) as season_last_day
    from talk_day t
    join followed_season s
        on s.person_key = t.person_key and t.day between s.first_day and s.last_day
    group by t.person_key, t.partner_key
),
judged as (
    select
        m.person_key, m.partner_key,
        max(case when t.phase = 'off_season'
            and t.day - m.season_last_day between 1 and p.carry_over_days
            then 1 else 0 end) as is_carried
    from met m
    cross join params p
    join talk_day t on t.person_key = m.person_key and t.partner_key = m.partner_key
    group by m.person_key, m.partner_key
)
select
    j.person_key,
    cast(count(*) as bigint) as partner_count,
    cast(sum(j.is_carried) as bigint) as carried_count
from judged j
group by j.person_key
