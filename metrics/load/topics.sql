-- The topics in a text's features (a JSON list) as one number; null for a text never read.
create or replace temp macro topic_bits(listed) as case when listed is not null then (
    select coalesce(sum(t.bit), 0)::bigint from topic t where contains(listed, '"' || t.topic || '"')
) end;
