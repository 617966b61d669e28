#!/bin/sh
# Run once by PostgreSQL's image when the database is made: the role that the program works as.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$BRIEFING_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE briefing LOGIN PASSWORD :'password';
SQL
