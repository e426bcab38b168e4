#!/usr/bin/env python3
"""Fuzzes every decoder of foreign bytes, beginning from what is kept in corpus/, and stops at the first failure.

    cmake --preset asan && cmake --build --preset asan --target fuzzer
    tests/fuzzer/run.py build-asan/bin/fuzzer                        # 20,000 inputs for each decoder
    tests/fuzzer/run.py build-asan/bin/fuzzer --runs 1000000 --keep  # and keeps what reached code that nothing had

A file of corpus/ has one input a line, in hexadecimal digits. A failing input is printed in the same form.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "fuzz/corpus"
MOST_KEPT = 120  # inputs of a decoder, the shortest first


def run(fuzzer, decoder, arguments):
    environment = dict(os.environ, FUZZ_DECODER=decoder)
    return subprocess.run([fuzzer, *map(str, arguments)], env=environment, capture_output=True, text=True, errors="replace")


def unpack(decoder, directory):
    file = CORPUS / f"{decoder}.hex"
    for number, line in enumerate(file.read_text().splitlines() if file.exists() else []):
        (directory / f"{number:04}").write_bytes(bytes.fromhex(line))


def keep(fuzzer, decoder, directory, scratch):
    smallest = scratch / "smallest"
    smallest.mkdir()
    run(fuzzer, decoder, ["-merge=1", smallest, directory])
    inputs = sorted({path.read_bytes() for path in smallest.iterdir()}, key=lambda each: (len(each), each))[:MOST_KEPT]
    (CORPUS / f"{decoder}.hex").write_text("".join(f"{each.hex()}\n" for each in inputs))


def fuzz(fuzzer, decoder, options):
    with tempfile.TemporaryDirectory() as temporary:
        scratch = pathlib.Path(temporary)
        directory = scratch / "corpus"
        directory.mkdir()
        unpack(decoder, directory)
        done = run(fuzzer, decoder, [f"-runs={options.runs}", f"-seed={options.seed}", "-max_len=512", "-timeout=10",
                                     f"-artifact_prefix={scratch}/failed-", directory])
        if done.returncode != 0:
            print(done.stderr, file=sys.stderr)
            for failed in scratch.glob("failed-*"):
                print(f"{decoder}: fails for {failed.read_bytes().hex()}", file=sys.stderr)
            return False
        if options.keep:
            keep(fuzzer, decoder, directory, scratch)
        return True


def main():
    parser = argparse.ArgumentParser(description="Fuzzes the decoders.")
    parser.add_argument("fuzzer")
    parser.add_argument("--runs", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--decoder", action="append", help="only this one")
    options = parser.parse_args()
    names = options.decoder or subprocess.run([options.fuzzer, "-runs=1"], capture_output=True, text=True).stdout.split()
    passed = 0
    for name in names:
        if not fuzz(options.fuzzer, name, options):
            break
        passed += 1
    print(f"{passed} of {len(names)} decoders, {options.runs} inputs each: no failure")
    sys.exit(0 if names and passed == len(names) else 1)


if __name__ == "__main__":
    main()
