-- coverage: days proven to be known, by account and stream.
-- grain: account, stream, proof and run of days
-- columns:
--   account_id: account
--   stream: acts, received (under own posts) or mentions (elsewhere, heard live)
--   from_on: first whole local day
--   to_on: last whole local day
--   proof: why the days are known: listing_to_end, overlap, unchanged, declared or unbroken_stream
--   seen_at: when it was last proven (UTC)
select
    s.account_id,
    s.stream,
    date '1970-01-01' + s.first_day as from_on,
    date '1970-01-01' + s.last_day as to_on,
    s.proof,
    s.seen_at
from span_detail s
order by s.account_id, s.stream, from_on, to_on, s.proof, s.seen_at
