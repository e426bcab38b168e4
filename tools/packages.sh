#!/usr/bin/env bash
# Installs the Debian packages of the parts named on the command line, if any are missing: tools/packages.sh build broker
set -euo pipefail

list="$(dirname "$(readlink -f "$0")")/packages.txt"
wanted=()
for part in "$@"; do
  mapfile -t -O "${#wanted[@]}" wanted < <(sed -n "s/^$part: //p" "$list" | tr ' ' '\n')
done

is_installed() { [[ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" == ii* ]]; }

missing=()
for package in "${wanted[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "missing packages, and neither root nor sudo to install them: ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "installing packages: ${missing[*]}" >&2
"${as_root[@]}" apt-get -q -y update >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}" >&2
