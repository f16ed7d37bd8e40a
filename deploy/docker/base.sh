#!/bin/bash
# The image summit/base exists afterwards: Debian 12 with its Python 3.11, made without any registry (root, debootstrap).
# It stands in for python:3.11-slim-bookworm where that cannot be had: `make images BASE=summit/base:bookworm`.
set -euo pipefail
image=summit/base:bookworm
docker image inspect $image >/dev/null 2>&1 && exit 0
command -v debootstrap >/dev/null || { echo "$image: needs debootstrap and root, or a registry" >&2; exit 3; }

# The mirror this machine uses for itself.
mirror=$(awk '/^URIs:/ {print $2; exit} /^deb / {print $2; exit}' \
  /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true)
folder=$(mktemp -d)
trap 'mountpoint -q $folder && umount $folder; rmdir $folder 2>/dev/null || true' EXIT
mount -t tmpfs -o size=2g tmpfs "$folder"
root=$folder/root
debootstrap --variant=minbase --include=python3,ca-certificates,tzdata bookworm "$root" ${mirror:+"$mirror"} >"$folder/log" 2>&1 \
  || { tail -5 "$folder/log" >&2; exit 3; }
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale,info}/* \
  "$root"/var/log/* "$root"/etc/apt/sources.list
tar -C "$root" -c . | docker import --change 'CMD ["python3"]' - $image >/dev/null
echo "$image: made from Debian's packages"
