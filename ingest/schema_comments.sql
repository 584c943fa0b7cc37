-- What each column of the store holds, for whoever opens the file. Moments are UTC.

comment on column meta.name is 'schema_version, key_check, alert_feed (the id of the feed of alerts), erased_in (run whose deletions wait for a compaction)';
comment on column meta.value is 'its value, as text';

comment on column run_event.run_id is 'the run';
comment on column run_event."at" is 'when it happened, UTC';
comment on column run_event.event is 'began | ended';
comment on column run_event.status is 'running | complete | incomplete | interrupted | failed';
comment on column run_event.message is 'one line that says how the run ended and what to do';

comment on column account_run.run_id is 'the run';
comment on column account_run.account_id is 'the account, as in accounts.csv';
comment on column account_run.source is 'bluesky | mastodon | feeds | wordpress';
comment on column account_run.began_at is 'when the walk of this account began, UTC';
comment on column account_run.ended_at is 'when it ended, UTC';
comment on column account_run.status is 'complete | unchanged | incomplete | failed | skipped';
comment on column account_run.error is 'class of the error that ended the walk; null where none did';
comment on column account_run.message is 'one line that says what happened and, after an arrow, what to do';
comment on column account_run.request_count is 'requests that the walk sent, second attempts included';
comment on column account_run.post_count is 'rows added to post: own items new or changed';
comment on column account_run.received_count is 'rows added to received: items new or changed';
comment on column account_run.quarantined_count is 'items that could not be read';
comment on column account_run.waited_seconds is 'seconds waited because the server asked for it';

comment on column account_state.account_id is 'the account, as in accounts.csv';
comment on column account_state.run_id is 'the run that saw it';
comment on column account_state.seen_at is 'when it was seen, UTC; the last row of an account counts';
comment on column account_state.native_id is 'the platform''s own id: DID, user@host at home, address of a feed';
comment on column account_state.handle is 'handle or address as in the roster';
comment on column account_state.host is 'the server that keeps the account';
comment on column account_state.status is 'active | moved | suspended | deactivated | gone | private | declined';
comment on column account_state.created_at is 'when the account was opened, as its server says, UTC; null where it does not';
comment on column account_state.moved_to is 'the account''s new address where it moved; else null';
comment on column account_state.shows_acts is 'whether own items can be seen';
comment on column account_state.shows_replies is 'whether own replies can be told from posts';
comment on column account_state.shows_received is 'whether replies under own items can be seen';
comment on column account_state.shows_mentions is 'whether mentions elsewhere can be seen';
comment on column account_state.is_full_history is 'whether the whole public history can be listed';

comment on column post.account_id is 'the account, as in accounts.csv';
comment on column post.run_id is 'the run that saw it';
comment on column post.seen_at is 'when it was seen, UTC; the last row of a uri counts';
comment on column post.uri is 'the item''s own address or id on its platform';
comment on column post.post_key is 'keyed hash of uri';
comment on column post.created_at is 'when the author says it was made, UTC; null where the source tells no moment';
comment on column post.indexed_at is 'first moment that a server vouches for, UTC; null where none does';
comment on column post.kind is 'post | self_reply | reply | quote | repost | unknown (the source does not tell)';
comment on column post.parent_key is 'keyed hash of what it answers, quotes or reposts; null where nothing';
comment on column post.root_key is 'keyed hash of the first item of its thread; null where that is itself';
comment on column post.partner_key is 'keyed hash of the account it answers, quotes or reposts; null where unknown or forgotten';
comment on column post.text is 'its text, @names of citizens replaced; null once deleted or forgotten';
comment on column post.merge_key is 'keyed hash of the first 80 characters of its normalised text: equal for cross-posts';
comment on column post.lang is 'language, as ISO 639-1; null where not clear';
comment on column post.features is 'what the text step found, as JSON, with the version of its lists';
comment on column post.reply_count is 'replies as its server counts them; null where it does not';
comment on column post.is_pinned is 'whether it was pinned to the top';
comment on column post.is_restricted is 'whether the person limited who may reply; null where the source does not tell';
comment on column post.is_deleted is 'whether its server says that it is gone';
comment on column post.answer_keys is 'pairs of checksums of its words, of which near-identical answers share one; empty under five words; null where it is no reply or quote, once deleted, and until an older store is read again';

comment on column received.account_id is 'the account that received it, as in accounts.csv';
comment on column received.run_id is 'the run that saw it';
comment on column received.seen_at is 'when it was seen, UTC; the last row of an item_key counts';
comment on column received.item_key is 'keyed hash of the item''s address';
comment on column received.created_at is 'when its author says it was made, UTC';
comment on column received.indexed_at is 'first moment that a server vouches for, UTC; null where none does';
comment on column received.asker_key is 'keyed hash of its author';
comment on column received.parent_key is 'keyed hash of what it answers; null where nothing';
comment on column received.root_key is 'keyed hash of the first item of its thread';
comment on column received.is_mention is 'whether it names the person without answering one of their items';
comment on column received.is_question is 'whether it asks or requests something, by the word lists';
comment on column received.is_abuse is 'whether it insults, by the word lists';
comment on column received.lang is 'language, as ISO 639-1; null where not clear';
comment on column received.similarity_key is 'keyed hash of its normalised text: equal for copies of one text';
comment on column received.features is 'what the text step found, as JSON, with the version of its lists';
comment on column received.is_deleted is 'whether it is gone';

comment on column thread.account_id is 'the account, as in accounts.csv';
comment on column thread.run_id is 'the run that asked for it';
comment on column thread.seen_at is 'when its replies were asked for, UTC';
comment on column thread.root_key is 'keyed hash of the item under which replies were asked for';
comment on column thread.root_uri is 'that item''s address where it is the person''s own; else null';
comment on column thread.reply_count is 'replies as the server counts them; null where it does not';
comment on column thread.is_partial is 'whether fewer replies came than the server counts';

comment on column span.account_id is 'the account, as in accounts.csv';
comment on column span.run_id is 'the run that proved it';
comment on column span.seen_at is 'when it was proven, UTC';
comment on column span.stream is 'acts | received | mentions';
comment on column span.start_at is 'first moment of which everything public is known, UTC';
comment on column span.end_at is 'moment from which that is known no more, UTC; not included';
comment on column span.proof is 'listing_to_end | overlap | unchanged | declared | unbroken_stream';

comment on column cursor_position.account_id is 'the account, as in accounts.csv';
comment on column cursor_position.run_id is 'the run that left it';
comment on column cursor_position.seen_at is 'when it was left, UTC; the last row of a name counts';
comment on column cursor_position.name is 'what the position is of, in the source''s own word';
comment on column cursor_position.value is 'where the next walk goes on; empty: nowhere';

comment on column quarantine.account_id is 'the account, as in accounts.csv';
comment on column quarantine.run_id is 'the run that met it';
comment on column quarantine.seen_at is 'when it was met, UTC';
comment on column quarantine.item_key is 'keyed hash of the item that could not be read';
comment on column quarantine.field is 'the part that could not be read';
comment on column quarantine.reason is 'why, in one line without names';

comment on column known_key.partner_key is 'keyed hash of an account that is no citizen''s';
comment on column known_key.class is 'politician | party | media | organisation | own';
comment on column known_key.seen_at is 'when it was resolved, UTC';

comment on column own_key.person_id is 'the person, as in people.csv';
comment on column own_key.partner_key is 'keyed hash of one of the person''s own accounts';
comment on column own_key.seen_at is 'when it was resolved, UTC';

comment on column suppression.partner_key is 'keyed hash of a citizen who asked to be forgotten';
comment on column suppression."at" is 'when, UTC';

comment on column alert."at" is 'when it was raised or sent, UTC';
comment on column alert.event is 'raised | sent';
comment on column alert.alert_id is 'the alert, as a UUID';
comment on column alert.kind is 'asleep | question_open | coverage_broken; null when sent';
comment on column alert.person_id is 'the person, as in people.csv; null when sent';
comment on column alert.account_id is 'the account where it is about one; else null';
comment on column alert.since is 'what it is about, UTC: the last act, the question, the last known moment';
comment on column alert.link is 'the person''s own item; never a citizen''s';
comment on column alert.message is 'the line that was told; null when sent';
comment on column alert.lang is 'language of the line: nl, fr or en; null: en';
