-- What people have written of a movie goes only when they take it back: a movie that has reviews is taken off the screen, not deleted.
alter table reviews drop constraint reviews_movie_id_fkey;
alter table reviews add constraint reviews_movie_id_fkey foreign key (movie_id) references movies (id);
