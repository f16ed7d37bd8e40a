#!/bin/bash
# Prints the Secrets of a deployment, from the folder that `summit stack init` made; nothing of them is kept anywhere else.
#   secrets.sh var/stack | kubectl apply --namespace summit --filename -
set -euo pipefail
folder=${1:?which folder did \`summit --var FOLDER stack init\` make?}/secrets
kubectl=${KUBECTL:-kubectl}
made() { "$kubectl" create secret generic "$@" --dry-run=client --output yaml; echo ---; }
for part in "$folder"/*/; do
  name=$(basename "$part")
  [ "$name" = postgres ] || made "summit-$name" --from-file="$part"
done
for password in "$folder"/postgres/*_password; do
  owner=$(basename "$password" _password)
  [ "$owner" = postgres ] ||
    made "summit-database-$owner" --type=kubernetes.io/basic-auth --from-literal=username="$owner" --from-file=password="$password"
done
