-- The mock payment provider's own books. Nothing of Marquee reads them except through the provider port.
-- Also run alone, in the provider's own database: it must use nothing from the other migrations.
create schema mock_provider;

create table mock_provider.intents (
  id              text        primary key,
  idempotency_key text        not null unique,
  payment_id      bigint      not null unique,
  amount_minor    bigint      not null check (amount_minor > 0),
  currency        text        not null,
  status          text        not null default 'requires_confirmation'
                  check (status in ('requires_confirmation', 'processing', 'succeeded', 'failed', 'canceled')),
  failure_code    text,
  card_token      text,
  captured_minor  bigint      not null default 0 check ((captured_minor > 0) = (status = 'succeeded')),
  refunded_minor  bigint      not null default 0 check (refunded_minor between 0 and captured_minor),
  client_secret   text        not null,
  settles_at      timestamptz check ((settles_at is not null) = (status = 'processing')),
  created_at      timestamptz not null default now()
);
create index intents_settling on mock_provider.intents (settles_at) where settles_at is not null;

create table mock_provider.refunds (
  id              text        primary key,
  idempotency_key text        not null unique,
  intent_id       text        not null references mock_provider.intents,
  amount_minor    bigint      not null check (amount_minor > 0),
  created_at      timestamptz not null default now()
);
create index refunds_intent_id on mock_provider.refunds (intent_id);

-- Every movement of money, once, never changed: what the provider would show in its dashboard.
create table mock_provider.journal (
  id              bigint      generated always as identity primary key,
  idempotency_key text        not null unique,
  intent_id       text        not null references mock_provider.intents,
  kind            text        not null check (kind in ('charge', 'refund')),
  amount_minor    bigint      not null check (amount_minor > 0),
  currency        text        not null,
  created_at      timestamptz not null default now()
);
create function mock_provider.refuse_change() returns trigger language plpgsql as
  $$ begin raise exception 'The journal only grows.'; end $$;
create trigger journal_only_grows before update or delete on mock_provider.journal
  for each row execute function mock_provider.refuse_change();

-- One row per delivery; a duplicate is a second row of the same event.
create table mock_provider.webhooks (
  id         bigint      generated always as identity primary key,
  event_id   text        not null,
  intent_id  text        not null references mock_provider.intents,
  body       text        not null,
  due_at     timestamptz not null default now(),
  sent_at    timestamptz,
  attempts   integer     not null default 0,
  created_at timestamptz not null default now()
);
create index webhooks_due on mock_provider.webhooks (due_at) where sent_at is null;
create index webhooks_intent_id on mock_provider.webhooks (intent_id) where sent_at is null;
