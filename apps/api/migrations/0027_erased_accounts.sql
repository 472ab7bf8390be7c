-- When an account was erased. Its row stays where orders, which the law wants kept, point to it, and names nobody any more.
alter table users add column erased_at timestamptz check (erased_at is null or not is_active);
