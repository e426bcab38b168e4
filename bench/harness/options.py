"""What every program of the harness takes on its command line, and where what it measures goes."""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from .cluster import Broker, Failed, Topics, say
from .systems import BENCH, JVM_OPTIONS

ROOT = BENCH.parent


def parser(command, description, runs=3):
    parsed = argparse.ArgumentParser(prog=f"./dev bench {command}", description=description)
    parsed.add_argument("--runs", type=int, default=runs, help="of each system, in turn; default: %(default)s")
    parsed.add_argument("--threads", type=int, default=1, help="default: %(default)s")
    parsed.add_argument("--commit-interval-ms", type=int, default=1000, help="default: %(default)s")
    parsed.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="passed to every system")
    parsed.add_argument("--no-pin", action="store_true", help="do not pin the broker to core 0, the jobs to the others")
    parsed.add_argument("--bootstrap-servers", help="a broker that runs already; default: one of its own")
    parsed.add_argument("--bin", type=Path, default=ROOT / "build" / "bin", help="where the C++ programs are")
    parsed.add_argument("--work", type=Path, default=ROOT / "build" / "bench", help="for broker, state and logs")
    parsed.add_argument("--timeout", type=int, default=900, help="seconds for one run; default: %(default)s")
    return parsed


def with_cores(options):
    pin = not options.no_pin and os.cpu_count() > 1
    options.broker_cores = "0" if pin else None
    options.job_cores = cores_from_one() if pin else None
    return options


def cores_from_one():
    last = os.cpu_count() - 1
    return "1" if last == 1 else f"1-{last}"


def chosen(names, known, what):
    unknown = [name for name in names.split(",") if name not in known]
    if unknown:
        raise Failed(f"no such {what}: {', '.join(unknown)}; known: {', '.join(known)}")
    return [known[name] for name in names.split(",")]


class Bench:
    """One measurement: a broker for the length of a `with`, topics under a prefix of its own, which end with it."""

    def __init__(self, options):
        self.options = options
        self.began = time.strftime("%Y-%m-%dT%H-%M-%S")
        self.prefix = f"bench-{self.began}"
        options.work.mkdir(parents=True, exist_ok=True)
        self._broker = Broker(options.work / "broker", options.broker_cores, options.bootstrap_servers)

    def __enter__(self):
        self.bootstrap_servers = self._broker.__enter__()
        self.topics = Topics(self.options.bin, self.bootstrap_servers)
        return self

    def __exit__(self, *failure):
        try:
            self.topics.delete(self.prefix)
        finally:
            self._broker.__exit__(*failure)

    def save(self, name, figures):
        """Leaves the figures in results/; returns the path without its suffix."""
        path = BENCH / "results" / name
        about = {"began": self.began, "environment": environment(), "settings": settings_of(self.options)}
        path.with_suffix(".json").write_text(json.dumps(about | figures, indent=2) + "\n", encoding="utf-8")
        say(f"all figures: {path}.json")
        return path


def environment():
    def first_line(*command):
        if not shutil.which(command[0]):
            return f"{command[0]} is not installed"
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
        return done.stdout.split("\n")[0]

    cpu_lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.split(":")[1].strip() for line in cpu_lines if "model name" in line]
    return {
        "commit": first_line("git", "describe", "--always", "--dirty"),
        "cpu": f"{os.cpu_count()} × {models[0] if models else platform.machine()}",
        "java": first_line("java", "-version"),
        "jvm_options": list(JVM_OPTIONS),
        "librdkafka": first_line("pkg-config", "--modversion", "rdkafka"),
        "rocksdb": first_line("pkg-config", "--modversion", "rocksdb"),
    }


def settings_of(options):
    left_out = ("bin", "work", "bootstrap_servers", "timeout", "no_pin")
    return {name: value for name, value in vars(options).items() if name not in left_out}


def main(measure, parse_arguments):
    """Runs measure(options); returns the exit code. A figure that is not honest is none: Failed prints why."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leaves by way of the broker's `with`
    try:
        measure(with_cores(parse_arguments()))
    except Failed as failed:
        say(f"void: {failed}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
