-- Own items, as the models read them.
insert into posts by name
with continued as (
    select account_key, parent_key as post_key from observed where kind = 'self_reply'
),
parent as (
    select o.account_key, o.post_key, o.moment
    from observed o
    semi join continued using (account_key, post_key)
)
select
    o.account_key, o.person_key, o.post_key, o.moment as "at", o.day, o.kind,
    o.parent_key, coalesce(o.root_key, o.post_key) as root_key, o.partner_key,
    parent.moment as parent_at,
    o.is_early or l.post_key is not null as is_backdated,
    c.post_key is not null as is_crosspost,
    o.is_redirect or b.merge_key is not null or f.post_key is not null as is_redirect,
    o.label, o.asks_public, o.promise, topic_bits(o.topics) as topic_bits, o.tone_score, o.lang,
    o.is_restricted
from observed o
left join late l on l.account_key = o.account_key and l.post_key = o.post_key
left join crosspost c on c.account_key = o.account_key and c.post_key = o.post_key
left join form_letter f on f.account_key = o.account_key and f.post_key = o.post_key
left join boilerplate b
    on b.person_key = o.person_key and b.merge_key = o.merge_key and o.kind in ('reply', 'quote')
left join parent
    on parent.account_key = o.account_key and parent.post_key = o.parent_key and o.kind = 'self_reply';
