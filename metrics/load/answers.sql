-- A person's answers that share a key with another: all that can be near-identical. By person.
-- Of a person with more than 5,000 of them, the latest 5,000 are compared.
with keyed as (
    select person_key, account_key, post_key, moment, unnest(answer_keys) as answer_key
    from observed
    where kind in ('reply', 'quote')
),
shared as (
    select person_key, answer_key
    from keyed
    group by person_key, answer_key
    having count(*) > 1
),
candidate as (
    select k.person_key, k.account_key, k.post_key
    from keyed k
    semi join shared using (person_key, answer_key)
    group by k.person_key, k.account_key, k.post_key, k.moment
    qualify row_number() over (
        partition by k.person_key order by k.moment desc, k.account_key, k.post_key
    ) <= 5000
)
select c.person_key, c.account_key, c.post_key, max_by(p.text, p.seen_at) as text
from candidate c
join account_zone a using (account_key)
join store.post p on p.account_id = a.account_id and p.post_key = c.post_key
where p.text is not null
group by c.person_key, c.account_key, c.post_key
order by c.person_key, c.account_key, c.post_key;
