-- In which language a guest is written to, and when one who has bought nothing is forgotten; null for those who own an order.
alter table guests
  add column locale    text not null default 'uk' check (locale in ('uk', 'ru', 'en')),
  add column forget_at timestamptz default app.now() + interval '31 days';
create index guests_forget_at on guests (forget_at) where forget_at is not null;

-- What guests have bought with an address, for whoever proves that it is theirs.
create index orders_guest_email on orders (email) where guest_id is not null and email is not null;
