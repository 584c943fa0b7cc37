-- quarter: the window's calendar quarters.
-- grain: quarter
-- columns:
--   first_day: the quarter's first day inside the window (days since 1970-01-01)
--   last_day: the quarter's last day inside the window
--   from_on: first day of the quarter, inside the window or not
--   is_whole: all its days lie in the window
with named as (
    select
        d.day, d.year,
        case when d.month < 4 then '-01-01' when d.month < 7 then '-04-01'
            when d.month < 10 then '-07-01' else '-10-01' end as begins
    from days d
),
bound as (
    select
        min(n.day) as first_day, max(n.day) as last_day,
        cast(concat(cast(n.year as string), n.begins) as date) as from_on
    from named n
    group by n.year, n.begins
)
select
    b.first_day,
    b.last_day,
    b.from_on,
    date '1970-01-01' + b.first_day = b.from_on
        and substr(cast(date '1970-01-01' + (b.last_day + 1) as string), 6, 5)
            in ('01-01', '04-01', '07-01', '10-01') as is_whole
from bound b
