-- Every person and every account of the roster is published once, and nobody else.
select coalesce(p.person_id, q.person_id, s.person_id) as person_id
from people p
full outer join person q on q.person_id = p.person_id
full outer join score s on s.person_id = p.person_id
where p.person_id is null or q.person_id is null or s.person_id is null
union all
select a.person_id
from person a
group by a.person_id
having count(*) > 1
union all
select a.account_id as person_id
from accounts a
left join account b on b.account_id = a.account_id
where b.account_id is null
