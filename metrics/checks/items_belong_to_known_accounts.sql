-- Every item belongs to an account of the roster and to that account's person.
select 'post' as what, p.account_key, p.person_key
from posts p
left join accounts a on a.account_key = p.account_key and a.person_key = p.person_key
where a.account_key is null
union all
select 'received' as what, r.account_key, r.person_key
from received r
left join accounts a on a.account_key = r.account_key and a.person_key = r.person_key
where a.account_key is null
