-- comeback_count: how often citizens came back, and how often the person then replied again in time.
-- grain: person with at least one comeback that counts
-- columns:
--   person_key: person
--   comeback_count: comebacks on eligible days after which the acts are known as long as a reply counts
--   replied_count: of these, replied to in time
--   partner_squares: sum over citizens of the squared number of comebacks
with partner as (
    select
        c.person_key, c.partner_key,
        count(*) as comeback_count,
        sum(case when c.reply_seconds <= p.answer_window_days * 86400 then 1 else 0 end) as replied_count
    from comeback c
    cross join params p
    join person_segment s
        on s.person_key = c.person_key and c.day between s.first_day and s.last_day
    join person_run r
        on r.person_key = c.person_key and r.kind = 'covered'
        and c.day between r.first_day and r.last_day - p.answer_window_days
    where s.is_eligible
    group by c.person_key, c.partner_key
)
select
    p.person_key,
    cast(sum(p.comeback_count) as bigint) as comeback_count,
    cast(sum(p.replied_count) as bigint) as replied_count,
    cast(sum(p.comeback_count * p.comeback_count) as bigint) as partner_squares
from partner p
group by p.person_key
