#!/usr/bin/env bash
# Fills the empty database of DATABASE_URL from a file that backup.sh has written, brings it up to this release and checks that it is sound.
set -euo pipefail

: "${DATABASE_URL:?names the empty database to fill}"
file="${1:?names the file to restore}"
root="$(cd "$(dirname "$0")/../.." && pwd)"
export PATH="$root/node_modules/.bin:$PATH"

tables="$(psql "$DATABASE_URL" -Atqc "select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")"
if [ "$tables" != 0 ]; then
  echo "The database is not empty: it has $tables tables. Make a new one and restore into that." >&2
  exit 1
fi
# What the server may do is granted to this group; a new server does not know it yet.
psql "$DATABASE_URL" -qc "do \$\$ begin create role marquee_app nologin; exception when duplicate_object then null; end \$\$"
pg_restore --exit-on-error --no-owner --dbname "$DATABASE_URL" "$file"
psql "$DATABASE_URL" -qc analyze
node "$root/apps/api/src/cli.ts" migrate
node "$root/apps/api/src/cli.ts" check:invariants
