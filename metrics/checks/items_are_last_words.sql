-- The inputs hold every item once.
select 'post' as what, p.account_key, p.post_key, count(*) as n
from posts p
group by p.account_key, p.post_key
having count(*) > 1
union all
select 'received' as what, r.person_key as account_key, r.item_key as post_key, count(*) as n
from received r
group by r.person_key, r.item_key
having count(*) > 1
