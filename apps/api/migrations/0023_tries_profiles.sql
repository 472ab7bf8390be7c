-- How often something was tried that must not be guessed: a row for each account, address or device, good until its window ends.
-- Kept like any other table, so that a try costs the same write whether or not there is such an account.
create table auth_tries (
  key        text        primary key check (length(key) <= 200),
  tries      integer     not null check (tries >= 0),
  until      timestamptz not null,
  created_at timestamptz not null default app.now()
);
create index auth_tries_until on auth_tries (until);

-- From where an account has been used: a network, or a browser by the hash of what its cookie holds.
create table known_places (
  user_id      bigint      not null references users on delete cascade,
  place        text        not null check (length(place) <= 100),
  last_seen_at timestamptz not null default app.now(),
  created_at   timestamptz not null default app.now(),
  primary key (user_id, place)
);
create index known_places_last_seen_at on known_places (last_seen_at);
insert into known_places (user_id, place)
select distinct user_id, 'net:' || ip from refresh_tokens where ip ~ '^[0-9.]+$';

create type gender as enum ('female', 'male', 'other');
create table user_profiles (
  user_id       bigint      primary key references users on delete cascade,
  bio           text        check (length(bio) <= 1000),
  gender        gender,
  date_of_birth date        check (date_of_birth >= '1900-01-01'),
  avatar_key    text        unique check (length(avatar_key) <= 200),
  created_at    timestamptz not null default app.now(),
  updated_at    timestamptz not null default app.now()
);
create trigger user_profiles_touch before update on user_profiles for each row execute function app.touch();
