-- person_language: the languages in which a person's posts were read.
-- grain: person and language
-- columns:
--   person_key: person
--   lang: language
select distinct p.person_key, p.lang
from posts p
where p.label is not null and p.lang is not null
