-- What the cinema says to the holders of a session that it moves or gives another hall.
alter table session_moves add column notice text check (notice <> '' and length(notice) <= 500);
alter table session_swaps add column notice text check (notice <> '' and length(notice) <= 500);
