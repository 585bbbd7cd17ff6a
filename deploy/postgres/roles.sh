#!/bin/bash
# Run once by the image of PostgreSQL, when the database is made: a role for each process (docs/database-roles.md).
set -euo pipefail

psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner JKN_OWNER_PASSWORD
\getenv web JKN_WEB_PASSWORD
\getenv worker JKN_WORKER_PASSWORD
\getenv sealer JKN_SEALER_PASSWORD
\getenv replication JKN_REPLICATION_PASSWORD
CREATE ROLE jkn_owner LOGIN PASSWORD :'owner';
CREATE ROLE jkn_web LOGIN PASSWORD :'web';
CREATE ROLE jkn_worker LOGIN PASSWORD :'worker';
CREATE ROLE jkn_sealer LOGIN PASSWORD :'sealer';
CREATE ROLE jkn_replication LOGIN REPLICATION PASSWORD :'replication';
ALTER DATABASE jkn OWNER TO jkn_owner;
SELECT pg_create_physical_replication_slot('standby', true);
-- From the next start on a commit is told only when the standby has it on its disk: nothing acknowledged is lost with the
-- primary. With one standby commits wait while it is away; two, and 'ANY 1 (standby, standby2)', let one be away.
ALTER SYSTEM SET synchronous_standby_names = 'standby';
SQL
echo "host replication jkn_replication all scram-sha-256" >> "$PGDATA/pg_hba.conf"
