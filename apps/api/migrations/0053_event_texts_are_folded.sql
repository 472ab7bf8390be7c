-- A text of an event alone is searched as films are: in any alphabet, without case and accents. Texts of before, and those that
-- an older release writes meanwhile, are folded by a duty.
alter table event_texts add column folded text not null default '', add column folding smallint not null default 0;

create function app.unfold() returns trigger language plpgsql as $$
begin
  new.folding := 0;
  return new;
end $$;
create trigger event_texts_unfold before update of description on event_texts for each row
  when (old.description <> new.description and old.folded = new.folded) execute function app.unfold();
