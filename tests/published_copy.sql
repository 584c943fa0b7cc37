-- The published copy as the pages read it, for tests that need one without a collection behind it.
create table run (
    run_id text, method_version text, code_version text, built_at timestamp,
    window_from_on date, window_to_on date, data_hash text, contract_version integer, is_invented boolean, last_collected_at timestamp
);
create table param (name text, value text, description text);
create table person (
    person_id text, name text, municipality text, party text, office text, level text, jurisdiction text,
    language text, is_invented boolean, eligible_days bigint, covered_days bigint, received_covered_days bigint,
    first_covered_on date, last_covered_on date, shows_replies boolean, shows_received boolean, platforms text
);
create table account (
    account_id text, person_id text, platform text, handle text, run_by text, valid_from_on date, valid_to_on date,
    status text, shows_acts boolean, shows_replies boolean, shows_received boolean, shows_mentions boolean,
    first_covered_on date, last_covered_on date, last_run_at timestamp, last_run_status text,
    last_message text, last_error text
);
create table metric (
    person_id text, metric text, phase text, value double, low double, high double, numerator bigint,
    denominator bigint, effective_n double, dispersion_in double, dispersion_off double,
    covered_days bigint, from_on date, to_on date, reason text, word text, is_comparable boolean
);
create table spell (
    person_id text, from_on date, to_on date, days bigint, level text, kind text, is_winter_sleep boolean,
    is_candidate boolean, is_at_least boolean, is_possible boolean, is_excused boolean, election_id text,
    days_to_next_election bigint, p_value double, reason text
);
create table season (
    person_id text, election_id text, from_on date, to_on date, election_on date, rule text,
    is_counted boolean, is_verified boolean
);
create table day (
    person_id text, on_day date, own_acts bigint, posts bigint, replies bigint, citizen_replies bigint,
    quotes bigint, reposts bigint, threads bigint, received bigint, questions bigint
);
create table span (person_id text, kind text, from_on date, to_on date);
create table pillar (
    person_id text, pillar text, value double, points double, low double, high double, reason text
);
create table score (
    person_id text, score double, low double, high double, pillars text,
    p_a double, p_b double, p_c double, p_d double, p_e double,
    alternative_low double, alternative_high double, alternative_keep double, moved_most_by text,
    band text, reason text
);
create table coverage (account_id text, stream text, from_on date, to_on date, proof text, seen_at timestamp);
create table problem (
    run_id text, account_id text, person_id text, source text, status text, error text, message text,
    ended_at timestamp
);
create table collect_run (
    run_id text, began_at timestamp, ended_at timestamp, status text, account_count bigint,
    post_count bigint, received_count bigint, request_count bigint
);
create table thread_partial (person_id text, thread_count bigint, partial_count bigint);
create table alternative (
    person_id text, choice text, value text, score double, band text, is_headline boolean, reason text
);
create table peer (
    office text, level text, metric text, phase text, people_count bigint, median double,
    low_quartile double, high_quartile double
);
create table funnel (
    office text, level text, metric text, people_count bigint, n bigint, centre double,
    low_95 double, high_95 double, low_998 double, high_998 double
);
create table partner_ladder (
    person_id text, once bigint, two_to_four bigint, five_or_more bigint, partner_count bigint,
    reason text
);
create table partner_mix (
    person_id text, quarter_from_on date, new_count bigint, warm_count bigint, close_count bigint,
    reason text
);
create table response_curve (person_id text, day double, share double, low double, high double);
create table label_share (
    person_id text, phase text, label text, act_count bigint, share double
);
create table topic_share (
    person_id text, topic text, raised_count bigint, raised_askers bigint, raised_share double,
    posted_count bigint, posted_share double
);
create table topic_raised (
    person_id text, topic text, from_on date, asker_count bigint, is_picked_up boolean
);
create table broadcast_spell (
    person_id text, from_on date, to_on date, days bigint, is_at_least boolean, is_possible boolean
);
create table account_metric (
    account_id text, person_id text, metric text, phase text, value double, low double, high double,
    numerator bigint, denominator bigint, effective_n double, dispersion_in double, dispersion_off double,
    covered_days bigint, reason text, is_comparable boolean
);
comment on table metric is 'Every number with its denominator, 90 % interval and gate.';
comment on column metric.value is 'The metric itself; NULL below its gate.';
comment on column metric.reason is 'Why there is no value.';
