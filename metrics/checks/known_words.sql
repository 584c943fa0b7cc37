-- Reasons, words and phases are the ones readers have sentences for.
select m.person_id, m.metric, m.phase, m.reason, m.word
from metric m
where m.phase not in ('off_season', 'season', 'all')
    or m.reason not in (
        'no_coverage', 'too_short', 'too_few', 'nobody_asked', 'not_observable', 'no_season')
    or m.word not in ('steady', 'campaign_burst', 'quieter_in_season', 'not_clear', 'descriptive')
    or (m.word is null and m.metric in ('burst_acts', 'burst_replies', 'burst_campaign') and m.value is not null)
    or (m.word is not null and m.value is null)
    or (m.word = 'descriptive' and m.is_comparable)
    or (m.word <> 'descriptive' and m.metric not in ('burst_acts', 'burst_replies', 'burst_campaign'))
