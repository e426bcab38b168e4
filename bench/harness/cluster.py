"""The broker of a comparison, its topics, and the checks of what the systems wrote there."""

import subprocess
import sys

from .systems import BENCH


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Failed(Exception):
    """The comparison is void; the text says why."""


def run_tool(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed(f"{command[0]}: {done.stderr.strip() or done.returncode}")
    return done.stdout.strip()


class Broker:
    """A fresh broker of its own for the length of a `with`, or one that runs already."""

    def __init__(self, directory, cores, bootstrap_servers=None):
        self._script = BENCH.parent / "tools" / "broker.sh"
        self._directory = directory
        self._cores = cores
        self._given = bootstrap_servers

    def __enter__(self):
        if self._given:
            return self._given
        say("starting a broker")
        start = [self._script, "start", "--port", "0", "--dir", self._directory, "--fresh"]
        return run_tool(pinned(start, self._cores))

    def __exit__(self, *_):
        if not self._given:
            run_tool([self._script, "stop", "--dir", self._directory])


def pinned(command, cores):
    return ["taskset", "-c", cores, *command] if cores else list(command)


class Topics:
    """Topics that start with a prefix of this comparison, so that all of them can be deleted."""

    def __init__(self, bin_dir, bootstrap_servers):
        self._bin = bin_dir
        self._bootstrap = ["--bootstrap-servers", bootstrap_servers]

    def generate(self, topic, options):
        self._tool("generate_events", "--topic", topic, *options)

    def probe(self, topic, counts, expect, number):
        """Appends records of some keys of a file of counts, for the number-th time; returns how many records."""
        probe = ["--topic", topic, "--counts", counts, "--expect", expect, "--round", number]
        return int(self._tool("probe_events", *probe))

    def create(self, names, partitions=4):
        self._tool("bench_topics", "--create", *names, "--partitions", partitions)

    def delete(self, prefix):
        self._tool("bench_topics", "--delete-prefix", prefix)

    def check(self, topic, expected, output):
        """Compares a topic with the truth; returns how many records it holds."""
        flags = [f"--{flag}" for flag in ("once", "windowed") if getattr(output, flag)]
        return self.check_with(topic, ["--expect", expected, "--format", output.format, *flags])

    def check_with(self, topic, options):
        return int(self._tool("check_output", "--topic", topic, *options))

    def _tool(self, program, *arguments):
        return run_tool([self._bin / program, *self._bootstrap, *arguments])
