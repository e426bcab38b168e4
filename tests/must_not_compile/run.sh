#!/usr/bin/env bash
# Shows that a file does not compile, and that the compiler says why: run.sh FILE COMPILER FLAGS...
#
# The first line of the file is "// expect: <part of the compiler's message>". What is under `#ifdef MISUSE` is the
# misuse, and the file must compile without it; a file without MISUSE is a misuse as a whole. "// expect: no error"
# marks a control.
set -euo pipefail

file="$1"; shift
expected="$(sed -n '1s|^// expect: ||p' "$file")"
[[ -n "$expected" ]] || { echo "$file: the first line is not '// expect: ...'"; exit 1; }

compile() { "$@" -fsyntax-only -fdiagnostics-color=never "$file" 2>&1; }

if [[ "$expected" == "no error" ]]; then
  compile "$@"
  exit
fi

if grep -q '^#ifdef MISUSE' "$file"; then
  output="$(compile "$@")" || { echo "$output"; echo "$file: does not compile even without the misuse"; exit 1; }
fi
if output="$(compile "$@" -DMISUSE)"; then
  echo "$file: compiles"
  exit 1
fi
if [[ "$output" != *"$expected"* ]]; then
  echo "$output"
  echo "$file: the compiler did not say '$expected'"
  exit 1
fi
