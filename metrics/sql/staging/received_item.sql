-- received_item: what citizens and others wrote to a person, on days the account was valid.
-- grain: item; backdated items are left out
-- columns:
--   account_key: account it came to
--   person_key: person
--   item_key: item
--   at: moment (seconds since 1970-01-01, UTC)
--   day: local day (days since 1970-01-01)
--   asker_key: keyed hash of who wrote it
--   parent_key: item it replies to
--   root_key: first item of its thread
--   is_citizen: the writer is not known as something else
--   is_asking: asks or requests something
--   is_question: asks or requests something, and is no insult
--   is_abuse: an insult or threat
--   is_spam: the same text came from several askers
--   topic_bits: sum of the bits of its topics
--   tone_score: its tone in thousandths; null: no evaluated list for its language
--   is_answerable: an answer on the account it came to would be seen
with kept as (
    select
        r.account_key, r.person_key, r.item_key, r.at as at, r.day, r.asker_key, r.similarity_key,
        r.parent_key, r.topic_bits, r.tone_score,
        a.shows_replies as is_answerable,
        coalesce(r.root_key, r.item_key) as root_key,
        coalesce(r.is_question, false) as is_asking,
        coalesce(r.is_abuse, false) as is_abuse,
        coalesce(r.is_question, false) and not coalesce(r.is_abuse, false) as is_question
    from received r
    join own_account a
        on a.account_key = r.account_key and r.day between a.first_day and a.last_day
    where r.asker_key is not null and not coalesce(r.is_backdated, false)
),
spam as (
    select k.person_key, k.similarity_key
    from kept k
    where k.similarity_key is not null
    group by k.person_key, k.similarity_key
    having count(distinct k.asker_key) >= (select max(p.spam_askers) from params p)
)
select
    k.account_key,
    k.person_key,
    k.item_key,
    k.at as at,
    k.day,
    k.asker_key,
    k.parent_key,
    k.root_key,
    mine.class is null and known.class is null as is_citizen,
    k.is_asking,
    k.is_question,
    k.is_abuse,
    s.similarity_key is not null as is_spam,
    k.topic_bits,
    k.tone_score,
    k.is_answerable
from kept k
left join partner_class mine
    on mine.partner_key = k.asker_key and mine.person_key = k.person_key
left join partner_class known
    on known.partner_key = k.asker_key and known.person_key = 0
left join spam s
    on s.person_key = k.person_key and s.similarity_key = k.similarity_key
