-- An interval holds its value and has both ends; only the wait for half of the answers may be open upwards.
select m.person_id, m.metric, m.phase, m.low, m.value, m.high
from metric m
where m.low > m.value or m.high < m.value or (m.low is null and m.high is not null)
    or (m.high is null and m.low is not null and m.metric <> 'response_median_days')
    or (m.value is null and m.low is not null)
