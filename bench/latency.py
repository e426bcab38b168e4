"""Time from a record sent to its count received: producer, count by key without caching, consumer."""

import sys
from statistics import median

from harness.cluster import Failed, say
from harness.jobs import JOBS
from harness.options import Bench, chosen, main, parser
from harness.probe import add_probe_options, probe
from harness.report import goal, spread
from harness.runner import Runner
from harness.served import Served
from harness.systems import all_systems

NO_CACHE = "statestore.cache.max.bytes=0"
COLUMNS = ("p50_ms", "p90_ms", "p99_ms", "p999_ms", "max_ms")


def parse_arguments():
    parsed = parser("latency", __doc__)
    parsed.add_argument("--systems", default="levada,kafka-streams-default", help="default: %(default)s")
    add_probe_options(parsed, rate=20_000, keys=1_000, warmup=15, seconds=30)
    parsed.add_argument("--linger", default="default,5", help="linger.ms of the jobs' producers; default: %(default)s")
    return parsed.parse_args()


def measure(bench, runner, system, linger, number):
    name = f"latency-{system.name}-{linger}-{number}"
    topic = f"{bench.prefix}-{name}-input"
    bench.topics.create([topic])
    settings = (NO_CACHE,) if linger == "default" else (NO_CACHE, f"producer.linger.ms={linger}")
    launch = runner.launch(JOBS["count"], name, topic, settings=settings)
    with Served(system, launch, bench.options) as job:
        job.seconds_until("running")
        try:
            return probe(bench, topic, launch.outputs["output"])
        except Failed as failed:
            raise Failed(f"{launch.application_id}: {failed}") from None


def floor(bench, number):
    topic = f"{bench.prefix}-floor-{number}"
    bench.topics.create([topic])
    return probe(bench, topic)


def run_all(bench, systems):
    """A B C A B C, as everywhere."""
    runner = Runner(bench, {})
    bench.topics.generate(f"{bench.prefix}-first", ["--records", 1000])  # a fresh broker is slow at first
    results = {"no job: producer to consumer": []}
    for number in range(1, bench.options.runs + 1):
        say(f"run {number} of {bench.options.runs}: no job")
        results["no job: producer to consumer"].append(floor(bench, number))
        for linger in bench.options.linger.split(","):
            for system in systems:
                say(f"run {number} of {bench.options.runs}: {system.name}, linger.ms {linger}")
                row = results.setdefault(f"{system.name}, linger.ms {linger}", [])
                row.append(measure(bench, runner, system, linger, number))
    return results


def table(results):
    lines = ["| system | p50 ms | p90 ms | p99 ms | p99.9 ms | max ms |", "|---|---:|---:|---:|---:|---:|"]
    for name, runs in results.items():
        cells = [spread([run[column] for run in runs], "{:.1f}") for column in COLUMNS]
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(lines)


def goals(results):
    """The goal: p99 at most a third of Kafka Streams', at least once."""
    lines = []
    for name, runs in results.items():
        peer = results.get(name.replace("levada", "kafka-streams-default"))
        if not name.startswith("levada") or not peer:
            continue
        found = median(run["p99_ms"] for run in runs) / median(run["p99_ms"] for run in peer)
        lines.append(goal(f"p99 of kafka-streams-default, {name.split(', ')[1]}", found, most=1 / 3))
    return lines


def latency(options):
    systems = chosen(options.systems, {system.name: system for system in all_systems(options.bin)}, "system")
    with Bench(options) as bench:
        results = run_all(bench, systems)
    print(
        f"{options.rate:,} records/s, {options.keys:,} keys, {options.seconds} s after {options.warmup} s of warm-up, "
        f"{options.runs} runs in turn; count without caching, commit every {options.commit_interval_ms} ms, at least "
        f"once; every record came back exactly once. Median (range) of the runs.\n"
    )
    print("\n".join([table(results), "", *goals(results)]))
    bench.save(f"latency-{bench.began}", {"results": results})


if __name__ == "__main__":
    sys.exit(main(latency, parse_arguments))
