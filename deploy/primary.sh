#!/bin/bash
# Runs once, when the database is made: lets a standby of this network follow it.
set -euo pipefail
echo "host replication all samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
