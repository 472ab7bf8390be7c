-- Two spellings that differ only in case name the same thing.
create unique index certifications_lower_name_key on certifications (lower(name));
create unique index genres_lower_name_key on genres (lower(name));
create unique index directors_lower_name_key on directors (lower(name));
create unique index stars_lower_name_key on stars (lower(name));
create unique index cinemas_lower_name_key on cinemas (lower(name));

insert into genres (slug, name) values
  ('action', 'Action'),
  ('comedy', 'Comedy'),
  ('drama', 'Drama'),
  ('horror', 'Horror'),
  ('romance', 'Romance'),
  ('sci_fi', 'Science fiction'),
  ('thriller', 'Thriller'),
  ('documentary', 'Documentary'),
  ('animation', 'Animation'),
  ('fantasy', 'Fantasy')
on conflict do nothing;

-- What a deletion asks: does anything still point here?
create index movies_certification_id on movies (certification_id);
create index tickets_seat_id on tickets (seat_id);
create index order_items_movie_id on order_items (movie_id) where movie_id is not null;
alter table order_items add foreign key (movie_id) references movies;

-- Bookings know a hall's plan by the hall's updated_at, so no two changes may share a moment, nor a later one an earlier.
create function app.touch_forward() returns trigger
  language plpgsql
as $$ begin new.updated_at = greatest(app.now(), old.updated_at + interval '1 microsecond'); return new; end $$;

drop trigger halls_touch on halls;
create trigger halls_touch before update on halls for each row execute function app.touch_forward();
