-- The mock payment provider's own books. Nothing of Marquee reads them except through the provider port.
create schema mock_provider;

create table mock_provider.intents (
  id              text        primary key,
  idempotency_key text        not null unique,
  amount_minor    bigint      not null check (amount_minor > 0),
  currency        text        not null,
  status          text        not null,
  failure_code    text,
  refunded_minor  bigint      not null default 0 check (refunded_minor between 0 and amount_minor),
  client_secret   text        not null,
  metadata        jsonb       not null default '{}',
  settles_at      timestamptz,
  created_at      timestamptz not null default now()
);

create table mock_provider.refunds (
  id              text        primary key,
  idempotency_key text        not null unique,
  intent_id       text        not null references mock_provider.intents,
  amount_minor    bigint      not null check (amount_minor > 0),
  created_at      timestamptz not null default now()
);

-- Every movement of money, never changed: what the provider would show in its dashboard.
create table mock_provider.journal (
  id           bigint generated always as identity primary key,
  intent_id    text        not null,
  kind         text        not null check (kind in ('charge', 'refund')),
  amount_minor bigint      not null,
  currency     text        not null,
  created_at   timestamptz not null default now()
);

create table mock_provider.webhooks (
  id         text        primary key,
  intent_id  text        not null,
  type       text        not null,
  due_at     timestamptz not null default now(),
  sent_at    timestamptz,
  attempts   integer     not null default 0,
  created_at timestamptz not null default now()
);
create index webhooks_due on mock_provider.webhooks (due_at) where sent_at is null;
