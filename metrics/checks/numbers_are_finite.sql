-- Nothing published is infinite, not a number, a negative count, or calmer than coin tosses.
select m.person_id, m.metric, m.phase, m.value, m.low, m.high, m.numerator, m.denominator
from metric m
where isnan(m.value) or isnan(m.low) or isnan(m.high) or isnan(m.effective_n)
    or isnan(m.dispersion_in) or isnan(m.dispersion_off) or m.dispersion_in < 1 or m.dispersion_off < 1
    or abs(m.value) > 1e9 or m.high > 1e12
    or m.numerator < 0 or m.denominator < 0 or m.covered_days < 0
    or (m.numerator is null
        and m.metric not in ('tone_acts', 'tone_received', 'effective_partners')
        and m.metric not in ('return', 'carry_over', 'relation_days')
        and m.metric not like 'partners_per_%')
    or (m.denominator is null and m.metric not in ('return', 'carry_over', 'relation_days'))
    or m.covered_days is null
