-- How far the first count has come. Sessions up to this id have not been counted yet and are read from their tickets: it
-- begins with the newest, which are asked for most. Zero once every session has been counted.
alter table statistics_marks add column uncounted bigint not null default 9223372036854775807 check (uncounted >= 0);
update statistics_marks set uncounted = 0 where ticket_mark > 0 or event_mark > 0;

-- The release before this one asks in the same words, so what is uncounted is looked up here and not told.
create or replace function app.changed_sessions(ticket_from bigint, ticket_to bigint, event_from bigint, event_to bigint)
  returns setof bigint
  language sql stable rows 100
  set enable_seqscan = off
as $$
  select id from sessions where id <= (select uncounted from statistics_marks)
  union
  select session_id from tickets where (ticket_from > 0 or event_from > 0) and id > ticket_from and id <= ticket_to
  union
  select t.session_id from ticket_events e join tickets t on t.id = e.ticket_id
  where (ticket_from > 0 or event_from > 0) and e.id > event_from and e.id <= event_to
$$;
