#!/usr/bin/env bash
# Shows the exit codes of the levada command: levada_command.sh PROGRAM
set -euo pipefail

program="$1"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

description() {
  cat <<END
Topologies:
   Sub-topology: 0
    Source: in (topics: [orders])
      --> count
    Processor: count (stores: [$1])
      --> none
      <-- in

END
}

expect() {
  local wanted="$1" status=0; shift
  "$@" || status=$?
  [[ $status -eq $wanted ]] || { echo "exit code $status, not $wanted: $*"; exit 1; }
}

description counts > "$folder/old"
description totals > "$folder/new"
echo "no topology" > "$folder/other"
expect 0 "$program" plan "$folder/old" "$folder/old"
expect 1 "$program" plan "$folder/old" "$folder/new"
expect 0 "$program" plan --allow renamed "$folder/old" "$folder/new"
expect 2 "$program" plan "$folder/old" "$folder/other"
expect 2 "$program" plan "$folder/old" "$folder/nowhere"
