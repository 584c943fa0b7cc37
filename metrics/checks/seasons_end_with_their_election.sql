-- A season begins no later than it ends, and its election lies before its end.
select s.person_id, s.election_id, s.from_on, s.to_on, s.election_on
from season s
where s.from_on > s.to_on or s.election_on > s.to_on
