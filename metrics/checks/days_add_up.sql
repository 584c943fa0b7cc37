-- A day's parts do not exceed its whole.
select d.person_id, d.on_day, d.own_acts, d.replies, d.received
from day d
where d.own_acts < d.posts + d.replies + d.quotes or d.citizen_replies > d.replies
    or d.questions > d.received
    or d.own_acts + d.reposts + d.threads + d.received < 1
