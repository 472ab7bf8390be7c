-- Each order of a list has its index, so that a page begins where the last one ended. Rows without a value come last
-- either way; the values that stand for none are those of the statements.
create index movies_title_id on movies (title, id);
create index movies_release_year_id on movies (coalesce(release_year, 9999), id);
create index movies_release_year_falling on movies (coalesce(release_year, 0), id);
create index movies_imdb_rating_id on movies (coalesce(imdb_rating, 99), id);
create index movies_imdb_rating_falling on movies (coalesce(imdb_rating, -1), id);
create index movies_price_id on movies (coalesce(price_minor, 1000000000000000), id);
create index movies_price_falling on movies (coalesce(price_minor, -1), id);

create index sessions_start_time_id on sessions (start_time, id);
drop index sessions_start_time;
create index sessions_base_price_id on sessions (base_price_minor, id);

-- Seats are counted for each session that is shown.
create index seats_active on seats (hall_id) where is_active;

-- Of those in use no two have the same number or name; what was closed gives its own up. Under the old names, by which
-- the release before this one tells the violation.
alter table halls drop constraint halls_cinema_id_hall_number_key;
create unique index halls_cinema_id_hall_number_key on halls (cinema_id, hall_number) where is_active;
create index halls_cinema_id on halls (cinema_id, hall_number, id);
alter table cinemas drop constraint cinemas_name_key;
drop index cinemas_lower_name_key;
create unique index cinemas_lower_name_key on cinemas (lower(name)) where is_active;
create index cinemas_name on cinemas (name, id);

-- Before anything was counted every session has changed: nobody need read all tickets and their history to know that.
create or replace function app.changed_sessions(ticket_from bigint, ticket_to bigint, event_from bigint, event_to bigint)
  returns setof bigint
  language sql stable rows 100
  set enable_seqscan = off
as $$
  select id from sessions where ticket_from = 0 and event_from = 0
  union
  select session_id from tickets where (ticket_from > 0 or event_from > 0) and id > ticket_from and id <= ticket_to
  union
  select t.session_id from ticket_events e join tickets t on t.id = e.ticket_id
  where (ticket_from > 0 or event_from > 0) and e.id > event_from and e.id <= event_to
$$;
