-- A share lies in 0 to 1 and its numerator does not exceed its denominator.
select m.person_id, m.metric, m.phase, m.value, m.numerator, m.denominator
from metric m
where (m.metric in ('presence', 'talk_presence', 'redirect_rate', 'answer_rate')
        or m.metric in ('return', 'carry_over', 'depth', 'campaign_share', 'service_share', 'restricted_share',
            'follow_through', 'followed_up_in_public') or m.metric like 'reply_share_%'
        or m.metric like 'conversation%' or m.metric like 'answered_within_%')
    and (m.value < 0 or m.value > 1 or m.numerator > m.denominator)
