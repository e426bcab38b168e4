#!/usr/bin/env bash
# Runs one of the measurements on a real broker: compare, latency, startup, takeover or curves. See bench/README.md.
# Called as `./dev bench <measurement>`, which has installed the packages and built the C++ programs.
set -euo pipefail

bench="$(dirname "$(readlink -f "$0")")"
echo "bench: building the Kafka Streams peer" >&2
mvn -q -B -ntp -Dstyle.color=never -f "$bench/java/pom.xml" package >&2
# Debian's Python: another one in front of it would not see Debian's matplotlib.
exec /usr/bin/python3 "$bench/$1.py" "${@:2}"
