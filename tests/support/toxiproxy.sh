#!/usr/bin/env bash
# The programs of Toxiproxy, which stands between a client and a broker and breaks what goes through. Prints the
# directory they are in. They are built once, by Go (the packages of faults in tools/packages.txt), and kept in the cache
# directory of the user.
set -euo pipefail

version=v2.5.0
programs="${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/levada/toxiproxy-$version"

if [[ ! -d "$programs" ]]; then
  echo "building Toxiproxy $version into $programs" >&2
  mkdir -p "$programs.$$"
  GOBIN="$programs.$$" GOFLAGS=-p=1 go install \
    "github.com/Shopify/toxiproxy/v2/cmd/server@$version" "github.com/Shopify/toxiproxy/v2/cmd/cli@$version" >&2
  mv -T "$programs.$$" "$programs" 2>/dev/null || rm -rf "$programs.$$"
fi
echo "$programs"
