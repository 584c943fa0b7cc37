-- What the answers that share a key with another say. By person.
select s.person_key, s.account_key, s.post_key, max_by(p.text, p.seen_at) as text
from shared_answer s
join account_zone a using (account_key)
join store.post p on p.account_id = a.account_id and p.post_key = s.post_key
where p.text is not null
group by s.person_key, s.account_key, s.post_key
order by s.person_key, s.account_key, s.post_key;
