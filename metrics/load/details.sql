-- What pages show beside the numbers.
insert into person_detail by name
select
    z.person_key, r.name, r.municipality, r.party, r.language, r.is_invented, o.jurisdiction,
    s.platforms
from roster_people r
join person_zone z using (person_id)
left join person_office o using (person_key)
left join (
    select person_key, string_agg(distinct platform, '+' order by platform) as platforms
    from account_zone
    where run_by in ('self', 'office')
    group by person_key
) s using (person_key)
order by z.person_key;

create or replace temp table last_run as
select r.*
from store.account_run r
qualify row_number() over (
    partition by r.account_id order by r.ended_at desc, r.began_at desc, r.run_id desc) = 1;

insert into account_detail by name
select
    a.account_key, a.handle, s.status,
    r.ended_at as last_run_at, r.status as last_run_status,
    r.error as last_error, r.message as last_message,
    a.valid_from as from_on, a.valid_to as to_on
from account_zone a
left join last_state s using (account_id)
left join last_run r using (account_id)
order by a.account_key;

insert into walk by name
select
    r.run_id, r.account_id, z.person_id, r.source, r.status, r.error, r.message, r.ended_at
from last_run r
join account_zone a using (account_id)
join person_zone z using (person_key)
order by r.account_id;

-- Moments proven the same way that touch are one stretch; told are its whole days.
insert into span_detail by name
with broken as (
    select
        l.*,
        coalesce(l.start_moment > max(l.end_moment) over (
            partition by l.account_id, l.stream, l.proof
            order by l.start_moment, l.end_moment, l.seen_at
            rows between unbounded preceding and 1 preceding), true) as is_start
    from local_stretch l
    where l.proof is not null
),
numbered as (
    select b.*, sum(b.is_start::integer) over (
        partition by b.account_id, b.stream, b.proof
        order by b.start_moment, b.end_moment, b.seen_at
        rows unbounded preceding) as island
    from broken b
)
select
    account_id, stream, proof,
    ((min(start_local) + 86399) // 86400)::integer as first_day,
    (max(end_local) // 86400 - 1)::integer as last_day,
    max(seen_at) as seen_at
from numbered
group by account_id, stream, proof, island
having (min(start_local) + 86399) // 86400 <= max(end_local) // 86400 - 1
order by all;

insert into collect_detail by name
with began as (
    select run_id, min("at") as began_at from store.run_event where event = 'began' group by run_id
),
ended as (
    select run_id, max("at") as ended_at, max_by(status, "at") as status
    from store.run_event
    where event = 'ended'
    group by run_id
),
walked as (
    select
        run_id, count(distinct account_id) as account_count, sum(post_count)::bigint as post_count,
        sum(received_count)::bigint as received_count, sum(request_count)::bigint as request_count
    from store.account_run
    group by run_id
)
select
    b.run_id, b.began_at, e.ended_at, coalesce(e.status, 'running') as status,
    coalesce(w.account_count, 0) as account_count, coalesce(w.post_count, 0) as post_count,
    coalesce(w.received_count, 0) as received_count, coalesce(w.request_count, 0) as request_count
from began b
left join ended e using (run_id)
left join walked w using (run_id)
order by b.began_at, b.run_id;

insert into thread_detail by name
with last_word as (
    select t.account_id, t.root_key, t.is_partial
    from store.thread t
    qualify row_number() over (
        partition by t.account_id, t.root_key order by t.seen_at desc, t.is_partial desc) = 1
)
select z.person_id, count(*) as thread_count, count(*) filter (w.is_partial) as partial_count
from last_word w
join account_zone a using (account_id)
join person_zone z using (person_key)
where a.run_by in ('self', 'office')
group by z.person_id
order by z.person_id;
