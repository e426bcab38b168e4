#!/usr/bin/env bash
# Runs one of the programs in src: run.sh OUTPUT CLASS [argument...]. Builds into OUTPUT first what is not there yet.
set -euo pipefail

here="$(dirname "$(readlink -f "$0")")"
mkdir -p "$1"
output="$(readlink -f "$1")"

build() {
  [[ -e "$output/built" && -z "$(find "$here/src" "$here/pom.xml" -newer "$output/built")" ]] && return
  mvn -q -B -ntp -Dstyle.color=never -Dlevada.output="$output" -f "$here/pom.xml" package >&2
  touch "$output/built"
}

exec 9>"$output/lock"
flock 9
build
flock -u 9
exec java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel="${LOG_LEVEL:-off}" \
  -cp "$output/classes:$output/lib/*" "levada.reference.$2" "${@:3}" 9>&-
