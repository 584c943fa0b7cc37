-- A published winter sleep follows an election, touches no unknown day, and no absence explains it.
select s.person_id, s.from_on, s.to_on, s.reason
from spell s
where (s.is_winter_sleep and (not s.is_candidate or s.reason is not null or s.level = 'quiet'))
    or (s.is_candidate and (s.is_possible or s.is_excused or s.election_id is null or s.p_value is null))
    or (s.is_candidate and not s.is_winter_sleep and coalesce(s.reason, '') <> 'rarely_present')
