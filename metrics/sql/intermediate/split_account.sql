-- split_account: accounts whose numbers may differ from their person's; every other account is its person's only one.
-- grain: account
-- columns:
--   account_key: account
with own_count as (
    select a.person_key, count(*) as account_count
    from own_account a
    group by a.person_key
),
copied as (
    select distinct p.account_key
    from posts p
    where p.is_crosspost
)
select a.account_key
from own_account a
join own_count c on c.person_key = a.person_key
left join copied k on k.account_key = a.account_key
where c.account_count > 1 or k.account_key is not null or not a.shows_acts
