-- Every process keeps answers of the catalogue as bytes; a change of what they say is told to all when it commits.
create function app.tell_catalogue_changed() returns trigger
  language plpgsql
as $$ begin perform pg_notify('catalogue_changed', ''); return null; end $$;

create trigger movies_tell after insert or update or delete or truncate on movies execute function app.tell_catalogue_changed();
create trigger movie_genres_tell after insert or update or delete or truncate on movie_genres execute function app.tell_catalogue_changed();
create trigger movie_directors_tell after insert or update or delete or truncate on movie_directors execute function app.tell_catalogue_changed();
create trigger movie_stars_tell after insert or update or delete or truncate on movie_stars execute function app.tell_catalogue_changed();
create trigger genres_tell after insert or update or delete or truncate on genres execute function app.tell_catalogue_changed();
create trigger directors_tell after insert or update or delete or truncate on directors execute function app.tell_catalogue_changed();
create trigger stars_tell after insert or update or delete or truncate on stars execute function app.tell_catalogue_changed();
create trigger certifications_tell after insert or update or delete or truncate on certifications execute function app.tell_catalogue_changed();
create trigger cinemas_tell after insert or update or delete or truncate on cinemas execute function app.tell_catalogue_changed();
create trigger halls_tell after insert or update or delete or truncate on halls execute function app.tell_catalogue_changed();
create trigger seats_tell after insert or update or delete or truncate on seats execute function app.tell_catalogue_changed();
-- What a search of the movies finds is written a moment after a movie that came by another way.
create trigger movie_search_tell after insert or update or delete or truncate on movie_search execute function app.tell_catalogue_changed();
create trigger person_search_tell after insert or update or delete or truncate on person_search execute function app.tell_catalogue_changed();
create trigger movie_scores_tell after insert or update or delete or truncate on movie_scores execute function app.tell_catalogue_changed();
