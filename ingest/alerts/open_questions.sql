-- Questions of citizens that no account of the person has answered in public since.
-- grain: person and item. reads: received, post, known_key, own_key; $accounts and $people run side by side.
-- Any public answer in the thread counts here, also a redirect: an alert must never accuse.
with watched as (
    select unnest($accounts::text[]) as account_id, unnest($people::text[]) as person_id
),
item as (
    select watched.person_id, received.*,
        least(received.created_at, coalesce(received.indexed_at, received.created_at)) as asked_at
    from received join watched using (account_id)
    qualify row_number() over (
        partition by received.account_id, received.item_key order by received.seen_at desc
    ) = 1
),
own_item as (
    select watched.person_id, post.uri, post.post_key, post.kind, post.parent_key, post.root_key,
        post.partner_key, post.is_deleted,
        least(post.created_at, coalesce(post.indexed_at, post.created_at)) as acted_at
    from post join watched using (account_id)
    qualify row_number() over (
        partition by post.account_id, post.uri order by post.seen_at desc
    ) = 1
),
crowd as (
    select person_id, similarity_key
    from item
    where similarity_key is not null
    group by person_id, similarity_key
    having count(distinct asker_key) >= 3
)
select
    item.person_id,
    min(item.account_id) as account_id,
    min(item.asked_at) as asked_at,
    max(own_item.uri) as uri
from item
left join own_item
    on own_item.person_id = item.person_id and not own_item.is_deleted
    and own_item.post_key in (item.parent_key, item.root_key)
where item.asked_at between $first_at and $last_at
    and item.is_question and not coalesce(item.is_abuse, false) and not item.is_deleted
    and item.asker_key not in (select partner_key from known_key)
    and item.asker_key not in (select partner_key from own_key)
    and not exists (
        select 1 from crowd
        where crowd.person_id = item.person_id and crowd.similarity_key = item.similarity_key
    )
    and not exists (
        select 1 from own_item as answer
        where answer.person_id = item.person_id and answer.acted_at > item.asked_at
            and answer.kind in ('reply', 'quote')
            and (
                (answer.root_key = item.root_key
                    and coalesce(answer.partner_key, item.asker_key) = item.asker_key)
                or (answer.kind = 'quote' and answer.parent_key = item.item_key)
            )
    )
group by item.person_id, item.item_key
order by 1, 3, 4
