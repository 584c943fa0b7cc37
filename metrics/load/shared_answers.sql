-- A person's answers that share a key with another: all that can be near-identical.
-- Of a person with more than 5,000 of them, the latest 5,000 are compared.
insert into shared_answer by name
with keyed as (
    select person_key, account_key, post_key, moment, unnest(answer_keys) as answer_key
    from observed
    where kind in ('reply', 'quote') and person_key % $parts = $part
),
shared as (
    select person_key, answer_key
    from keyed
    group by person_key, answer_key
    having count(*) > 1
)
select k.person_key, k.account_key, k.post_key
from keyed k
semi join shared using (person_key, answer_key)
group by k.person_key, k.account_key, k.post_key, k.moment
qualify row_number() over (
    partition by k.person_key order by k.moment desc, k.account_key, k.post_key
) <= 5000;
