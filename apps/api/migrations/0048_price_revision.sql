-- Sessions that charge the same share what a process remembers of their prices. Whatever changes prices raises the
-- revision with it, by whichever hand, so what was read at another revision is not used for a session read at this one.
create table price_revision (
  only_one boolean primary key default true check (only_one),
  revision bigint not null default 1 check (revision > 0)
);
insert into price_revision default values;

create function app.raise_price_revision() returns trigger language plpgsql as $$
begin
  update price_revision set revision = revision + 1;
  return null;
end $$;

create trigger ticket_types_raise after insert or update or delete or truncate on ticket_types
  for each statement execute function app.raise_price_revision();
create trigger price_cards_raise after insert or update or delete or truncate on price_cards
  for each statement execute function app.raise_price_revision();
create trigger cinema_price_rules_raise after insert or update or delete or truncate on cinema_price_rules
  for each statement execute function app.raise_price_revision();
