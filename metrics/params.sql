-- params: every choice behind the numbers, one row: the headline.
-- grain: one row
-- reads: nothing
-- columns:
--   start_day: first day of the window (days since 1970-01-01); set when a run begins
--   end_day: day after the window's last (days since 1970-01-01); set when a run begins
--   thread_seconds: an own reply this many seconds or less after its parent is part of a thread
--   season_rule: legal = the regulated period where one applies to persons, else the days below; days = always the days below
--   season_days: days of a season without a regulated period, election day included
--   round_days: rounds of one election at most this many days apart are one season
--   aftermath_days: days after an election that belong to neither season nor off-season
--   other_season_counts: days in the season of an election that does not count for the person are off-season
--   week_days: days of a week that must be off-season (and covered) before the week counts
--   presence_weeks: covered off-season weeks a presence needs
--   presence_percent: percentage of the off-season weeks that must be covered
--   month_days: covered eligible days before a calendar month counts
--   month_count: counted months that active months need
--   burst_acts: acts in season and off-season together that a burst needs
--   burst_season_days: covered season days that a burst needs
--   burst_off_days: covered off-season days that a burst needs
--   burst_factor: beyond this factor, up or down, a rhythm is no longer steady
--   burst_peers: peers needed before their median dispersion counts
--   shift_percent: a burst must be among this percentage of the rotations of the calendar
--   cliff_days: days before and after an election that are compared
--   interval_count: intervals between acts that burstiness needs
--   quiet_days: days without an own act that make a quiet spell
--   asleep_days: days without an own act that make a sleep
--   abandoned_days: days without an own act that make an abandoned account
--   sleep_after_days: a winter sleep starts at most this many days after an election
--   sleep_error: accepted share of false winter sleeps (Benjamini-Hochberg)
--   sleep_factor: a winter sleep is this many times longer than the longest other silence
--   reply_cap: replies per thread and day that count
--   conversation_acts: own acts a conversation share needs
--   conversation_threads: threads a conversation share needs
--   answer_window_days: days within which an answer counts
--   redirect_is_answer: being sent elsewhere counts as an answer
--   unknown_partner_counts: replies to nobody knows whom stand in the conversation share's denominator
--   spam_askers: the same text from this many askers is not a question to this person
--   burn_in_days: first known days in which a meeting may not be the first
--   return_first_days: a citizen is met again at least this many days after the first meeting
--   return_last_days: and at most this many days after it
--   carry_over_days: days after a season within which a citizen is talked with again
--   relation_count: citizens, or comebacks, that statements about relations need
--   close_days: days on which one meets a citizen who is close
--   breadth_replies: replies that breadth needs, and to which it is brought down
--   label_acts: read own acts that shares of labels need, and posts that the share of restricted ones does
--   unread_percent: above this percentage of unread own acts in a phase there is no campaign burst
--   label_kappa: agreement of lists and people (Cohen's kappa) from which a language's labels are more than descriptive
--   promise_seconds: a reply so many seconds after a promise, or later, may follow it up
--   promise_days: and at most this many days after it
--   promise_count: promises that their share needs
--   topic_askers: citizens who must raise a topic
--   topic_days: within so many days (at most 28); in as many days after it may be picked up
--   topic_shift_days: picking up is compared with windows this many days earlier and later
--   topic_count: raised topics that a share of picked up ones needs
--   tone_count: texts that a tone needs
--   citizen_count: citizens below which no count of theirs is shown
--   asker_count: askers needed before answering is shown
--   comparable_items: questions needed before answering is compared
--   presence_full: presence that earns 100 points
--   burst_zero: burst that earns 0 points
--   conversation_full: conversation share that earns 100 points
--   answering_full: answer rate that earns 100 points
--   return_full: share of citizens met again that earns 100 points
--   weight_presence: what the pillar presence weighs in the score
--   weight_steadiness: what the pillar steadiness weighs in the score
--   weight_conversation: what the pillar conversation weighs in the score
--   weight_answering: what the pillar answering weighs in the score
--   weight_return: what the pillar return weighs in the score
--   score_floor: added to each pillar before the geometric mean, subtracted after it
--   draw_count: draws behind the score's interval and band
--   seed: where the draws begin
--   band_probability: probability that a band, or a pair of bands, needs
select
    cast(null as integer) as start_day,
    cast(null as integer) as end_day,
    86400 as thread_seconds,
    'legal' as season_rule,
    90 as season_days,
    28 as round_days,
    28 as aftermath_days,
    true as other_season_counts,
    5 as week_days,
    26 as presence_weeks,
    80 as presence_percent,
    20 as month_days,
    6 as month_count,
    20 as burst_acts,
    30 as burst_season_days,
    180 as burst_off_days,
    cast(1.5 as double) as burst_factor,
    6 as burst_peers,
    5 as shift_percent,
    28 as cliff_days,
    20 as interval_count,
    28 as quiet_days,
    90 as asleep_days,
    365 as abandoned_days,
    28 as sleep_after_days,
    cast(0.01 as double) as sleep_error,
    cast(1.5 as double) as sleep_factor,
    3 as reply_cap,
    20 as conversation_acts,
    10 as conversation_threads,
    14 as answer_window_days,
    false as redirect_is_answer,
    true as unknown_partner_counts,
    3 as spam_askers,
    90 as burn_in_days,
    30 as return_first_days,
    210 as return_last_days,
    365 as carry_over_days,
    10 as relation_count,
    5 as close_days,
    30 as breadth_replies,
    20 as label_acts,
    5 as unread_percent,
    cast(0.7 as double) as label_kappa,
    3600 as promise_seconds,
    60 as promise_days,
    10 as promise_count,
    3 as topic_askers,
    28 as topic_days,
    90 as topic_shift_days,
    10 as topic_count,
    50 as tone_count,
    10 as citizen_count,
    10 as asker_count,
    30 as comparable_items,
    cast(0.9 as double) as presence_full,
    cast(8 as double) as burst_zero,
    cast(0.5 as double) as conversation_full,
    cast(0.9 as double) as answering_full,
    cast(0.5 as double) as return_full,
    cast(1 as double) as weight_presence,
    cast(1 as double) as weight_steadiness,
    cast(1 as double) as weight_conversation,
    cast(1 as double) as weight_answering,
    cast(1 as double) as weight_return,
    cast(10 as double) as score_floor,
    1000 as draw_count,
    365 as seed,
    cast(0.8 as double) as band_probability
