"""Time from a record sent to its count received: producer, count by key without caching, consumer."""

import sys
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Variant:
    """What both systems are told, and the goal: how many times Kafka Streams' p99."""

    name: str
    title: str
    goal: float
    settings: tuple = ()
    commit_interval_ms: int = None  # None: that of the command line


ALL_VARIANTS = (
    Variant("default", "at least once", 1 / 3),
    Variant("linger-5", "at least once, linger.ms 5", 1 / 3, ("producer.linger.ms=5",)),
    # A result is seen when its transaction is committed, so the interval is the one both take without being told.
    Variant("exactly-once", "exactly once", 1 / 2, ("processing.guarantee=exactly_once_v2",), 100),
)
VARIANTS = {variant.name: variant for variant in ALL_VARIANTS}
COLUMNS = ("p50_ms", "p90_ms", "p99_ms", "p999_ms", "max_ms")


def parse_arguments():
    parsed = parser("latency", __doc__)
    parsed.add_argument("--systems", default="levada,kafka-streams-default", help="default: %(default)s")
    add_probe_options(parsed, rate=20_000, keys=1_000, warmup=15, seconds=30)
    parsed.add_argument("--variants", default=",".join(VARIANTS), help="default: %(default)s")
    return parsed.parse_args()


def measure(bench, runner, system, variant, number):
    name = f"latency-{system.name}-{variant.name}-{number}"
    topic = f"{bench.prefix}-{name}-input"
    bench.topics.create([topic])
    launch = runner.launch(JOBS["count"], name, topic, settings=(NO_CACHE, *variant.settings))
    if variant.commit_interval_ms:
        launch = replace(launch, commit_interval_ms=variant.commit_interval_ms)
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


def run_all(bench, systems, variants):
    """A B C A B C, as everywhere."""
    runner = Runner(bench, {})
    bench.topics.generate(f"{bench.prefix}-first", ["--records", 1000])  # a fresh broker is slow at first
    results = {"no job: producer to consumer": []}
    for number in range(1, bench.options.runs + 1):
        say(f"run {number} of {bench.options.runs}: no job")
        results["no job: producer to consumer"].append(floor(bench, number))
        for variant in variants:
            for system in systems:
                say(f"run {number} of {bench.options.runs}: {system.name}, {variant.title}")
                row = results.setdefault(f"{system.name}, {variant.title}", [])
                row.append(measure(bench, runner, system, variant, number))
    return results


def table(results):
    lines = ["| system | p50 ms | p90 ms | p99 ms | p99.9 ms | max ms |", "|---|---:|---:|---:|---:|---:|"]
    for name, runs in results.items():
        cells = [spread([run[column] for run in runs], "{:.1f}") for column in COLUMNS]
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(lines)


def goals(results, variants):
    lines = []
    for variant in variants:
        found = [results.get(f"{name}, {variant.title}") for name in ("levada", "kafka-streams-default")]
        if None in found:
            continue
        ours, peers = (median(run["p99_ms"] for run in runs) for runs in found)
        lines.append(goal(f"p99 of kafka-streams-default, {variant.title}", ours / peers, most=variant.goal))
    return lines


def latency(options):
    systems = chosen(options.systems, {system.name: system for system in all_systems(options.bin)}, "system")
    variants = chosen(options.variants, VARIANTS, "variant")
    with Bench(options) as bench:
        results = run_all(bench, systems, variants)
    print(
        f"{options.rate:,} records/s, {options.keys:,} keys, {options.seconds} s after {options.warmup} s of warm-up, "
        f"{options.runs} runs in turn; count without caching, commit every {options.commit_interval_ms} ms, "
        f"exactly once 100 ms; every record came back exactly once. Median (range) of the runs.\n"
    )
    print("\n".join([table(results), "", *goals(results, variants)]))
    bench.save(f"latency-{bench.began}", {"results": results})


if __name__ == "__main__":
    sys.exit(main(latency, parse_arguments))
