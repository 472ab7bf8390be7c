-- One clock for every rule about time: the transaction's own, or the one a test has set.
create schema app;

create function app.now() returns timestamptz
  language sql stable parallel safe
  return coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now());

-- Aborts the statement it is called from; the message is the stable code of a named error.
create function app.fail(code text) returns integer
  language plpgsql volatile
as $$ begin raise exception using errcode = 'MQ001', message = code; end $$;

create function app.touch() returns trigger
  language plpgsql
as $$ begin new.updated_at = app.now(); return new; end $$;

create table idempotency_keys (
  actor         text        not null,
  key           text        not null check (length(key) between 1 and 255),
  method        text        not null,
  path          text        not null,
  body_hash     text        not null,
  status        smallint,
  resource_kind text,
  resource_id   bigint,
  created_at    timestamptz not null default app.now(),
  primary key (actor, key),
  check ((status is null) or (resource_id is not null))
);
create index idempotency_keys_created_at on idempotency_keys (created_at);
