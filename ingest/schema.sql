-- The store: append-only tables. Every observation is a row; the last one per key counts.
-- Moments are UTC TIMESTAMP. Keys are keyed BLAKE2b-64 hashes as BIGINT (ingest.store.key_of).
-- No name, handle, address or text of a citizen is in any table.
-- schema_comments.sql tells what each column holds.

create table meta (name text, value text);

create table run_event (
    run_id text, "at" timestamp, event text,          -- began | ended
    status text,                                    -- running | complete | incomplete | interrupted | failed
    message text
);

create table account_run (                          -- one row per account and walk, written when it ended
    run_id text, account_id text, source text, began_at timestamp, ended_at timestamp,
    status text,                                    -- complete | unchanged | incomplete | failed | skipped
    error text, message text,                       -- error class; the one line people read
    request_count bigint, post_count bigint, received_count bigint, quarantined_count bigint,
    waited_seconds double
);

create table account_state (
    account_id text, run_id text, seen_at timestamp,
    native_id text, handle text, host text,
    status text,                                    -- active | moved | suspended | deactivated | gone | private | declined
    created_at timestamp, moved_to text,
    shows_acts boolean, shows_replies boolean, shows_received boolean, shows_mentions boolean,
    is_full_history boolean
);

create table post (
    account_id text, run_id text, seen_at timestamp,
    uri text, post_key bigint,
    created_at timestamp, indexed_at timestamp,
    kind text,                                      -- post | self_reply | reply | quote | repost | unknown
    parent_key bigint, root_key bigint, partner_key bigint,
    text text,                                      -- @names of citizens replaced; null once deleted or forgotten
    merge_key bigint,                               -- hash of the normalised text's first 80 characters; survives a deletion
    lang text, features text,                       -- json of metrics.text, with the version of its lists
    reply_count bigint, is_pinned boolean, is_restricted boolean, is_deleted boolean,
    answer_keys bigint[]                            -- of replies and quotes: near-identical ones share one; null once deleted
);

create table received (
    account_id text, run_id text, seen_at timestamp,
    item_key bigint, created_at timestamp, indexed_at timestamp,
    asker_key bigint, parent_key bigint, root_key bigint,
    is_mention boolean, is_question boolean, is_abuse boolean,
    lang text, similarity_key bigint, features text, is_deleted boolean
);

create table thread (
    account_id text, run_id text, seen_at timestamp,
    root_key bigint, root_uri text,                 -- uri of the person's own item only
    reply_count bigint, is_partial boolean
);

create table span (
    account_id text, run_id text, seen_at timestamp,
    stream text,                                    -- acts | received | mentions
    start_at timestamp, end_at timestamp, proof text
);

create table cursor_position (account_id text, run_id text, seen_at timestamp, name text, value text);

create table quarantine (
    account_id text, run_id text, seen_at timestamp, item_key bigint, field text, reason text
);

create table known_key (partner_key bigint, class text, seen_at timestamp);  -- politician | party | media | organisation | own
create table own_key (person_id text, partner_key bigint, seen_at timestamp);
create table suppression (partner_key bigint, "at" timestamp);

create table alert (                                -- one row when an alert was raised, one when it was sent
    "at" timestamp, event text,                     -- raised | sent
    alert_id text,
    kind text,                                      -- asleep | question_open | coverage_broken; null when sent
    person_id text, account_id text,
    since timestamp,                                -- what it is about: last act, question, last known moment
    link text,                                      -- the person's own item only
    message text,
    lang text
);
