-- account_act: items of split accounts on days that are known for the account, copies of posts elsewhere included.
-- grain: item
-- columns:
--   account_key: account
--   day: local day (days since 1970-01-01)
--   phase: season, aftermath, off_season or other_season
--   kind: post, thread, reply, quote, repost or unknown
--   is_own: counts as an own act
--   partner_class: of a reply, whom it answers
--   root_key: first item of its thread
--   tone_score: its tone in thousandths; null: no evaluated list for its language
with item as (
    select
        a.account_key, a.day, a.kind, a.is_own, a.partner_class, a.root_key, a.tone_score
    from act a
    join split_account x on x.account_key = a.account_key
    union all
    select
        p.account_key, p.day, 'post' as kind, true as is_own, cast(null as string) as partner_class,
        coalesce(p.root_key, p.post_key) as root_key, p.tone_score
    from posts p
    cross join params c
    where p.is_crosspost and p.day is not null and not coalesce(p.is_backdated, false)
        and (p.kind = 'post' or (p.kind = 'self_reply'
            and not coalesce(p.at - p.parent_at between 0 and c.thread_seconds, false)))
)
select
    i.account_key, i.day, s.phase, i.kind, i.is_own, i.partner_class, i.root_key, i.tone_score
from item i
join account_segment s
    on s.account_key = i.account_key and i.day between s.first_day and s.last_day
where s.is_known
