-- A text of an event alone is searched as films are: in any alphabet, without case and accents. Texts of before are found as they
-- were written, until they are written again.
alter table event_texts add column folded text not null default '';
update event_texts set folded = lower(description);
alter table event_texts alter column folded drop default;
