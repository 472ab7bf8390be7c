-- Who waits for activation has no activated_at; who closed the own account has a deactivated_at; anybody else who is not active is blocked.
alter table users
  alter column activated_at set default app.now(),
  add column deactivated_at timestamptz,
  add column marketing_consent boolean not null default false,
  add column marketing_consent_at timestamptz;
update users set activated_at = created_at where activated_at is null;

-- What a link in a mail proves, once. The token itself is derived from the id when the mail is written, so it is stored nowhere.
create type account_token_kind as enum ('activation', 'password_reset', 'email_change');
create table account_tokens (
  id            uuid               primary key,
  user_id       bigint             not null references users on delete cascade,
  kind          account_token_kind not null,
  token_hash    text               not null unique,
  email         text               check (email = lower(email) and length(email) <= 254),
  expires_at    timestamptz        not null,
  -- While one request does the dear part of its work, no other begins it.
  claimed_until timestamptz,
  created_at    timestamptz        not null default app.now(),
  unique (user_id, kind),
  check ((kind = 'email_change') = (email is not null))
);
create index account_tokens_expires_at on account_tokens (expires_at);
