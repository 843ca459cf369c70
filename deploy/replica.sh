#!/bin/bash
# A standby of the database at PGHOST: copied when PGDATA is empty, then following it.
set -euo pipefail
if [[ ! -s $PGDATA/standby.signal && ! -s $PGDATA/PG_VERSION ]]; then
    rm -rf "${PGDATA:?}"/*
    pg_basebackup --pgdata="$PGDATA" --wal-method=stream --write-recovery-conf --checkpoint=fast
    chmod 0700 "$PGDATA"
fi
# a standby with fewer connections than its primary refuses to start
connections=$(psql --dbname=postgres --tuples-only --no-align --command="show max_connections")
exec postgres -D "$PGDATA" -p "$REPLICA_PORT" -c hot_standby=on -c max_standby_streaming_delay=30s \
    -c max_connections="$connections" -c unix_socket_directories="${REPLICA_SOCKETS-/var/run/postgresql}"
