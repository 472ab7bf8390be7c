alter table reviews validate constraint reviews_movie_id_fkey;
