#!/bin/bash
# The standby: a copy of the primary at its first start, then PostgreSQL. `pg_ctl promote` makes it the primary.
set -euo pipefail

export PGDATA="${PGDATA:-/var/lib/postgresql/18/docker}"
if [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 0700 "$PGDATA"
  exec gosu postgres "$BASH" "$0"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  find "$PGDATA" -mindepth 1 -delete
  PGPASSWORD="$JKN_REPLICATION_PASSWORD" pg_basebackup --pgdata "$PGDATA" --checkpoint fast --slot standby \
    --dbname "host=primary user=jkn_replication application_name=standby" --write-recovery-conf
  # Copied from the primary: promoted, this server would wait for itself. In the file and not on the command line, which
  # nothing could change later: once promoted it gets a standby of its own (docs/runbooks/failover.md).
  echo "synchronous_standby_names = ''" >> "$PGDATA/postgresql.auto.conf"
fi
exec postgres -chot_standby=on -csynchronous_commit=on -cmax_slot_wal_keep_size=20GB -cwal_keep_size=2GB -carchive_timeout=60s \
  -clog_min_error_statement=panic -clog_error_verbosity=terse
