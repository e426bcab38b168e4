#!/usr/bin/env bash
# Installs the build directory $1 into a directory of its own and there lets the outside project find, build and run.
set -euo pipefail

build="$1"
here="$(dirname "$(readlink -f "$0")")"
work="$build/install-test"
prefix="$work/prefix"

rm -rf "$work"
cmake --install "$build" --prefix "$prefix" >/dev/null
pc_dir="$(dirname "$(find "$prefix" -name levada.pc)")"

try() {
  local name="$1"; shift
  cmake -S "$here" -B "$work/$name" -G Ninja "$@"
  cmake --build "$work/$name"
  "$work/$name/outside"
}

try by-package -DCMAKE_PREFIX_PATH="$prefix"
PKG_CONFIG_PATH="$pc_dir" try by-pkg-config -DBY_PKG_CONFIG=ON
