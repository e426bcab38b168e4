"""Runs the same jobs on several systems in turn, checks that all of them wrote the same, and prints what it cost."""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

from harness.cluster import Broker, Failed, Topics, say
from harness.jobs import JOBS
from harness.report import table, with_warm_rows
from harness.runner import Runner
from harness.systems import BENCH, JVM_OPTIONS, all_systems

ROOT = BENCH.parent


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench compare", description=__doc__)
    parser.add_argument("--jobs", default=",".join(JOBS), help="default: %(default)s")
    parser.add_argument("--systems", default="levada,kafka-streams,loop,loop-repartition", help="default: %(default)s")
    parser.add_argument("--records", type=int, default=1_000_000, help="1 M is a quick run, 3 M a full one")
    parser.add_argument("--keys", type=int, default=100_000, help="of the job count; default: %(default)s")
    parser.add_argument("--runs", type=int, default=3, help="of each system, in turn; default: %(default)s")
    parser.add_argument("--threads", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--commit-interval-ms", type=int, default=1000, help="default: %(default)s")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="passed to every system")
    parser.add_argument("--no-pin", action="store_true", help="do not pin the broker to core 0, the jobs to the others")
    parser.add_argument("--bootstrap-servers", help="a broker that runs already; default: one of its own")
    parser.add_argument("--bin", type=Path, default=ROOT / "build" / "bin", help="where the C++ programs are")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench", help="for broker, state and logs")
    parser.add_argument("--timeout", type=int, default=900, help="seconds for one run; default: %(default)s")
    options = parser.parse_args()
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


def generate_inputs(options, jobs, topics, prefix):
    inputs = {}
    for kind in sorted({job.input for job in jobs}):
        topic, expect = f"{prefix}-input-{kind}", options.work / "expected" / kind
        say(f"generating {options.records:,} events into {topic}")
        keys = options.keys if kind == "keyed" else 0
        topics.generate(topic, expect, ["--records", options.records, "--keys", keys])
        inputs[kind] = (topic, expect)
    return inputs


def run_job(options, job, systems, runner):
    """A B C A B C: what changes on the machine meanwhile meets all systems alike."""
    systems = [system for system in systems if system.has(job.name)]
    missing = {system.name: why for system in systems if (why := system.missing(job.name))}
    results = {system.name: [] for system in systems if system.name not in missing}
    for name, why in missing.items():
        say(f"{job.name} on {name} is missing: {why}")
    for number in range(1, options.runs + 1):
        for system in systems:
            if system.name not in missing:
                say(f"{job.name}, run {number} of {options.runs}: {system.name}")
                results[system.name].append(runner.run(system, job, number))
    return results, missing


def environment(options):
    def first_line(*command):
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
    names = ("records", "keys", "runs", "threads", "commit_interval_ms", "set", "broker_cores", "job_cores")
    return {name: getattr(options, name) for name in names}


def report(options, began, outcome):
    about = environment(options)
    print(
        f"{options.records:,} records, {options.runs} runs in turn, {options.threads} thread(s), commit every "
        f"{options.commit_interval_ms} ms, {options.keys:,} keys; broker on core {options.broker_cores or 'any'}, jobs "
        f"on core {options.job_cores or 'any'}; {about['cpu']}; outputs equal to the truth. Median (range).\n"
        f"A JVM is cold for about its first 2 M records; *second half* leaves out the first {options.records // 2:,}.\n"
    )
    for job, (results, missing) in outcome.items():
        print(table(JOBS[job], results, missing))
    path = BENCH / "results" / f"{began}.json"
    jobs = {
        job: {"runs": results, "missing": missing, "summary": with_warm_rows(results)}
        for job, (results, missing) in outcome.items()
    }
    figures = {"environment": about, "settings": settings_of(options), "jobs": jobs}
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    say(f"all figures: {path}")


def compare(options):
    began = time.strftime("%Y-%m-%dT%H-%M-%S")
    prefix = f"bench-{began}"
    jobs = chosen(options.jobs, JOBS, "job")
    systems = chosen(options.systems, {system.name: system for system in all_systems(options.bin)}, "system")
    options.work.mkdir(parents=True, exist_ok=True)
    with Broker(options.work / "broker", options.broker_cores, options.bootstrap_servers) as bootstrap_servers:
        topics = Topics(options.bin, bootstrap_servers)
        try:
            inputs = generate_inputs(options, jobs, topics, prefix)
            runner = Runner(options, topics, inputs, bootstrap_servers, prefix)
            outcome = {job.name: run_job(options, job, systems, runner) for job in jobs}
        finally:
            topics.delete(prefix)
    report(options, began, outcome)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leaves by way of the broker's `with`
    try:
        compare(parse_arguments())
    except Failed as failed:
        say(f"void: {failed}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
