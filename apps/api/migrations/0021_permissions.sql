-- What a role may do, and whether it may do it everywhere or only where its bearer works.
create table roles (
  role          user_role   primary key,
  is_everywhere boolean     not null,
  created_at    timestamptz not null default app.now()
);
create table permissions (
  permission text        primary key check (permission ~ '^[a-z_]+\.[a-z_]+$'),
  created_at timestamptz not null default app.now()
);
create table role_permissions (
  role       user_role   not null references roles,
  permission text        not null references permissions,
  created_at timestamptz not null default app.now(),
  primary key (role, permission)
);

insert into roles (role, is_everywhere)
values ('customer', false), ('cashier', false), ('moderator', true), ('manager', false), ('admin', true);

with granted (permission, roles) as (
  values ('catalogue.write', '{moderator,manager,admin}'::user_role[]),
         ('movies.delete', '{moderator,admin}'),
         ('cinemas.write', '{manager,admin}'),
         ('cinemas.delete', '{admin}'),
         ('sessions.write', '{manager,admin}'),
         ('sessions.delete', '{admin}'),
         ('tickets.manage', '{cashier,manager,admin}'),
         ('tickets.check_in', '{cashier,manager,admin}'),
         ('users.read', '{admin}'),
         ('users.manage', '{admin}'),
         ('users.impersonate', '{admin}'),
         ('audit.read', '{admin}'),
         ('reviews.moderate', '{moderator,manager,admin}'),
         ('reviews.edit', '{admin}'),
         ('reviews.delete', '{moderator,admin}'),
         ('statistics.read', '{manager,admin}'),
         ('reports.make', '{manager,admin}'),
         ('docs.read', '{cashier,moderator,manager,admin}')
), listed as (insert into permissions (permission) select permission from granted returning permission)
insert into role_permissions (role, permission)
select unnest(granted.roles), listed.permission from listed join granted using (permission);

-- Until now staff worked everywhere; nobody loses a cinema by this release.
insert into staff_assignments (user_id, cinema_id)
select u.id, c.id from users u, cinemas c
 where u.role in ('cashier', 'manager') and not exists (select from staff_assignments a where a.user_id = u.id);

-- Which cinemas a report speaks of; null is all of them.
alter table reports add column cinema_ids bigint[];
update reports set cinema_ids = array[cinema_id] where cinema_id is not null;

-- Every process remembers who bears a token; whoever changed, or all when empty, is told with the commit.
create function app.tell_access_changed() returns trigger
  language plpgsql
as $$
begin
  perform pg_notify('access_changed', case when tg_nargs > 0 then to_jsonb(old) ->> tg_argv[0] else '' end);
  return null;
end $$;

create trigger users_tell_access after update of role, is_active on users for each row
  when (old.role is distinct from new.role or old.is_active is distinct from new.is_active) execute function app.tell_access_changed('id');
create trigger users_tell_gone after delete on users for each row execute function app.tell_access_changed('id');
create trigger refresh_tokens_tell_access after update of revoked_at on refresh_tokens for each row
  when (old.revoked_at is null and new.revoked_at is not null) execute function app.tell_access_changed('user_id');
create trigger roles_tell_access after insert or update or delete on roles execute function app.tell_access_changed();
create trigger role_permissions_tell_access after insert or update or delete on role_permissions execute function app.tell_access_changed();
