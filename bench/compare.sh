#!/usr/bin/env bash
# Whole jobs on Levada, Kafka Streams and hand-written loops, on one real broker: see bench/README.md.
# Called as `./dev bench compare`, which has installed the packages and built the C++ programs.
set -euo pipefail

bench="$(dirname "$(readlink -f "$0")")"
echo "bench: building the Kafka Streams peer" >&2
mvn -q -B -ntp -Dstyle.color=never -f "$bench/java/pom.xml" package >&2
exec python3 "$bench/compare.py" "$@"
