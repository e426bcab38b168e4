#!/usr/bin/env bash
# Prints a folder with the librdkafka.so.1 of the version given, to be put in place of the system's by LD_LIBRARY_PATH:
#
#   LD_LIBRARY_PATH="$(tools/newer_librdkafka.sh 2.12.2)" build/bin/clients_tests
#
# Debian 12 has 2.0.2, and nothing newer as a package. The wheel of Kafka's Python client has a library that needs nothing
# but libc; it comes by pip once and is kept in the cache directory of the user.
set -euo pipefail

version="${1:?which version}"
folder="${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/levada/librdkafka-$version"

if [[ ! -e "$folder/librdkafka.so.1" ]]; then
  echo "fetching librdkafka $version into $folder" >&2
  work="$folder.$$"
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/wheel"
  python3 -m pip --disable-pip-version-check -q download --no-deps --only-binary :all: -d "$work" "confluent-kafka==$version" >&2
  python3 -m zipfile -e "$work"/*.whl "$work/wheel"
  mkdir -p "$folder"
  mv "$work"/wheel/confluent_kafka.libs/librdkafka-*.so.1 "$folder/librdkafka.so.1"
fi
echo "$folder"
