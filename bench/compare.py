"""Runs the same jobs on several systems in turn, checks that all of them wrote the same, and prints what it cost."""

import sys

from harness.cluster import say
from harness.jobs import JOBS
from harness.options import Bench, chosen, environment, main, parser
from harness.report import goals, table, with_warm_rows
from harness.restore import RestoreRunner
from harness.runner import Runner
from harness.systems import all_systems


def parse_arguments():
    parsed = parser("compare", __doc__)
    parsed.add_argument("--jobs", default=",".join(JOBS), help="default: %(default)s")
    parsed.add_argument("--systems", default="levada,levada-combined,kafka-streams,loop,loop-repartition", help="default: %(default)s")
    parsed.add_argument("--records", type=int, default=1_000_000, help="1 M is a quick run, 3 M a full one")
    parsed.add_argument("--keys", type=int, default=100_000, help="of the job count; default: %(default)s")
    return parsed.parse_args()


def generate_inputs(bench, jobs):
    options = bench.options
    inputs = {}
    for kind in sorted({job.input for job in jobs}):
        topic, expect = f"{bench.prefix}-input-{kind}", options.work / "expected" / kind
        say(f"generating {options.records:,} events into {topic}")
        keys = {"orders": ["--keys", 0], "keyed": ["--keys", options.keys]}.get(kind, ["--unique"])
        bench.topics.generate(topic, ["--expect", expect, "--records", options.records, *keys])
        inputs[kind] = (topic, expect)
    return inputs


def run_job(options, job, systems, runner):
    """A B C A B C: what changes on the machine meanwhile meets all systems alike."""
    systems = [system for system in systems if system.has(job.program) and (system.restores or not job.restores)]
    missing = {system.name: why for system in systems if (why := system.missing(job.program))}
    for name, why in missing.items():
        say(f"{job.name} on {name} is missing: {why}")
    able = [system for system in systems if system.name not in missing]
    results = {system.name: [] for system in able}
    runner.prepare(able, job)
    for number in range(1, options.runs + 1):
        for system in able:
            say(f"{job.name}, run {number} of {options.runs}: {system.name}")
            results[system.name].append(runner.run(system, job, number))
    return results, missing


def runner_of(bench, job, inputs):
    return (RestoreRunner if job.restores else Runner)(bench, inputs)


def print_heading(options):
    print(
        f"{options.records:,} records, {options.runs} runs in turn, {options.threads} thread(s), commit every "
        f"{options.commit_interval_ms} ms, {options.keys:,} keys; broker on core {options.broker_cores or 'any'}, jobs "
        f"on core {options.job_cores or 'any'}; {environment()['cpu']}; outputs equal to the truth. Median (range).\n"
        f"A JVM is cold for about its first 2 M records; *second half* leaves out the first {options.records // 2:,}.\n"
    )


def report(job, results, missing):
    """As soon as a job is done: a comparison may be stopped, and a later job may void what is left of it."""
    print(table(job, results, missing))
    print("\n".join(goals(job, results)) + "\n", flush=True)
    return {"runs": results, "missing": missing, "summary": with_warm_rows(results)}


def compare(options):
    jobs = chosen(options.jobs, JOBS, "job")
    systems = chosen(options.systems, {system.name: system for system in all_systems(options.bin)}, "system")
    done = {}
    with Bench(options) as bench:
        inputs = generate_inputs(bench, jobs)
        print_heading(options)
        for job in jobs:
            done[job.name] = report(job, *run_job(options, job, systems, runner_of(bench, job, inputs)))
            bench.save(f"compare-{bench.began}", {"jobs": done})


if __name__ == "__main__":
    sys.exit(main(compare, parse_arguments))
