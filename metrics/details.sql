-- What pages show beside the numbers: names, handles, walks. No metric reads these tables.

create table person_detail (
    person_key integer, name text, municipality text, party text, language text, is_invented boolean,
    jurisdiction text, platforms text  -- platforms: of the accounts that count, joined by +
);
create table account_detail (
    account_key integer, handle text, status text,
    last_run_at timestamp, last_run_status text, last_error text, last_message text,
    from_on date, to_on date         -- validity as the roster has it
);
create table walk (                  -- each account's last walk
    run_id text, account_id text, person_id text, source text, status text,
    error text, message text, ended_at timestamp
);
create table span_detail (           -- proven whole local days, with the proof
    account_id text, stream text, first_day integer, last_day integer, proof text, seen_at timestamp
);
create table collect_detail (
    run_id text, began_at timestamp, ended_at timestamp, status text,
    account_count bigint, post_count bigint, received_count bigint, request_count bigint
);
create table thread_detail (person_id text, thread_count bigint, partial_count bigint);
create table run_detail (
    run_id text, method_version text, code_version text, built_at timestamp, data_hash text,
    contract_version integer
);
