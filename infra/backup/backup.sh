#!/usr/bin/env bash
# Writes the database of DATABASE_URL into a file of BACKUP_DIR and deletes all but the newest BACKUPS_KEPT of them. For cron.
set -euo pipefail

: "${DATABASE_URL:?names the database to back up}"
directory="${BACKUP_DIR:-./backups}"
kept="${BACKUPS_KEPT:-14}"

umask 077
mkdir -p "$directory"
file="$directory/marquee-$(date -u +%Y%m%dT%H%M%SZ).dump"
# A dump that was cut off must not look like a whole one.
trap 'rm -f "$file.part"' EXIT
pg_dump --format=custom --no-owner --file "$file.part" "$DATABASE_URL"
pg_restore --list "$file.part" > /dev/null
mv "$file.part" "$file"
echo "$file"

find "$directory" -maxdepth 1 -name 'marquee-*.dump' | sort -r | tail -n "+$((kept + 1))" | while IFS= read -r old; do rm -f -- "$old"; done
