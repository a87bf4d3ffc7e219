#!/bin/sh
# Run once by PostgreSQL's image, after roles.sql: who owns the tables and who serves people have a password each.
set -eu
psql --username postgres --dbname harbour --set ON_ERROR_STOP=1 --set owner="$OWNER_PASSWORD" --set serves="$SERVES_PASSWORD" <<'SQL'
ALTER ROLE harbour_owner PASSWORD :'owner';
ALTER ROLE harbour PASSWORD :'serves';
SQL
