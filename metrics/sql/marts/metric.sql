-- metric: every metric of every person, with its denominator, interval and gate; a value or a reason, never both.
-- grain: person, metric and phase
-- columns:
--   person_id: person
--   metric: name of the metric, a section of metrics/README.md
--   phase: off_season, season or all
--   value: the metric; shares lie in 0-1, bursts are factors, active_months are months a year, response_median_days are days
--   low: lower end of the 90 % interval; null where the word is descriptive and there is none
--   high: upper end of the 90 % interval; of response_median_days null too where it is not sure that half were answered
--   numerator: count above the line (weeks, acts, replies, questions); for bursts the acts in season; null for tones, and where it counts too few citizens
--   denominator: count below the line; for bursts the acts off-season, for weekly rates the days; null where it is a count of one to nine citizens
--   effective_n: how many independent observations the interval rests on; for bursts the dispersion over both phases
--   dispersion_in: of bursts, weekly rates in season and the cliff: variance over mean of the season's counts, at least 1
--   dispersion_off: of bursts, weekly rates off-season and the cliff: the same off-season
--   covered_days: eligible days on which what the metric needs is known
--   from_on: first known eligible day of the person
--   to_on: last known eligible day of the person
--   reason: why there is no value: no_coverage, too_short, too_few, nobody_asked, not_observable or no_season
--   word: descriptive where no verdict is said and nothing compared, of bursts otherwise: steady, campaign_burst, quieter_in_season or not_clear
--   is_comparable: people may be set side by side on it
select
    p.person_id,
    m.metric,
    m.phase,
    m.value,
    m.low,
    m.high,
    case
        when m.metric in ('return', 'carry_over', 'relation_days')
            and m.denominator between 1 and c.citizen_count - 1 then null
        when (m.metric = 'effective_partners' or substr(m.metric, 1, 13) = 'partners_per_')
            and m.numerator between 1 and c.citizen_count - 1 then null
        else m.numerator
    end as numerator,
    case
        when m.metric in ('return', 'carry_over', 'relation_days')
            and m.denominator between 1 and c.citizen_count - 1 then null
        else m.denominator
    end as denominator,
    m.effective_n,
    m.dispersion_in,
    m.dispersion_off,
    m.covered_days,
    date '1970-01-01' + t.first_day as from_on,
    date '1970-01-01' + t.last_day as to_on,
    m.reason,
    m.word,
    m.is_comparable
from stat_metric m
cross join params c
join people p on p.person_key = m.person_key
join person_total t on t.person_key = m.person_key
order by p.person_key, m.metric, m.phase
