-- What the models read: the store and the roster, brought to whole numbers once.
-- Moments (`at`, `seen_at`) are epoch seconds, days are local day numbers since 1970-01-01 (a Thursday),
-- keys are BIGINT hashes. `at` is a reserved word in DuckDB 2: quoted here, written with its table (p.at) in queries. The window is [start_day, end_day) of `params`. Lists are last words: one row per item.

create table people (
    person_key integer,      -- 1.. in the order of person_id
    person_id text,
    office text, level text  -- current or last office; peers share both
);
create table mandates (      -- a term of office or a declared candidacy; last_day is inclusive, never null
    person_key integer,
    kind text,               -- mandate | candidacy
    jurisdiction text, level text, election_id text,  -- election_id: only for a candidacy
    first_day integer, last_day integer
);
create table elections (     -- one row per election and level
    election_id text, jurisdiction text, level text,
    day integer, last_round_day integer,  -- last_round_day = day where there is one round
    called_day integer, regulated_day integer,        -- null: none known
    applies_to text,         -- person | party | office | null
    is_verified boolean
);
create table absences (person_key integer, first_day integer, last_day integer);
create table accounts (      -- last_day inclusive, never null
    account_key integer, person_key integer, account_id text, platform text,
    run_by text,             -- self | office | party | campaign
    first_day integer, last_day integer,
    shows_acts boolean, shows_replies boolean, shows_received boolean, shows_mentions boolean
);
create table spans (         -- whole local days that are known, inclusive, possibly overlapping
    account_key integer, stream text, first_day integer, last_day integer
);
create table partners (      -- who is not a citizen; person_key null: for everybody
    partner_key bigint, class text, person_key integer  -- politician | party | media | organisation | own
);
create table posts (
    account_key integer, person_key integer, post_key bigint,
    "at" bigint, day integer,  -- null: no usable moment
    kind text,               -- post | self_reply | reply | quote | repost | unknown
    parent_key bigint, root_key bigint,               -- root_key = post_key where it starts its thread
    partner_key bigint,      -- author of the parent or quoted item
    parent_at bigint,        -- moment of the parent where it is an own item
    is_backdated boolean, is_crosspost boolean,       -- crosspost: a later copy of an own post on another account
    is_redirect boolean,
    is_restricted boolean,   -- the person limited who may reply; null: the source does not tell
    label text,              -- what the text is, one of metrics.text.LABELS; null: never read
    asks_public boolean, promise boolean,
    topic_bits bigint,       -- sum of the bits of its topics (sql/staging/topic.sql); null: never read
    tone_score integer,      -- compound in thousandths; null: no evaluated list for its language
    lang text
);
create table received (
    account_key integer, person_key integer, item_key bigint,
    "at" bigint, day integer, asker_key bigint, parent_key bigint, root_key bigint,
    is_question boolean, is_abuse boolean, similarity_key bigint, is_backdated boolean,
    topic_bits bigint, tone_score integer, lang text  -- as in posts
);
create table days (          -- the window's days; weeks are ISO weeks, blocks 4 weeks, both numbered from the window's first Monday-week
    day integer, week integer, block integer, month integer, year integer
);
