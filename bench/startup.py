"""How long a job takes to start: on an empty group, again on an intact disk, and after it was killed."""

import sys
import time

from harness.cluster import say
from harness.jobs import JOBS
from harness.options import Bench, chosen, main, parser
from harness.report import spread
from harness.runner import Runner
from harness.served import Served
from harness.systems import all_systems

EMPTY = "process start to RUNNING, empty group"
RESTART = "restart on an intact disk to the first record"
KILLED = "restart after kill -9 under load to the first record"
REPLAYED = "changelog records read again then"
UNTIL_KILLED = 3  # seconds of load


def parse_arguments():
    parsed = parser("startup", __doc__)
    parsed.add_argument("--systems", default="levada,kafka-streams", help="default: %(default)s")
    parsed.add_argument("--keys", type=int, default=3_000_000, help="on the disk; default: %(default)s")
    parsed.add_argument("--no-kill", action="store_true", help="leave out the restart after kill -9")
    return parsed.parse_args()


class Startup:
    """One system: what it was filled with, and how often it was probed."""

    def __init__(self, bench, system, expected):
        self._bench = bench
        self._system = system
        self._name = f"startup-{system.name}"
        self._input = f"{bench.prefix}-input-{system.name}"
        self._expected = expected / system.name
        self._runner = Runner(bench, {})
        self._launch = None
        self._probes = 0
        self._rounds = 0

    def empty(self, number):
        topic = f"{self._bench.prefix}-{self._name}-empty-{number}"
        self._bench.topics.create([topic])
        launch = self._runner.launch(JOBS["count"], f"{self._name}-empty-{number}", topic)
        with Served(self._system, launch, self._bench.options) as job:
            return job.seconds_until("running")

    def fill(self):
        """The state of --keys keys, written by a run that ended cleanly; the restarts write into a new topic."""
        records = self._bench.options.keys
        options = ["--expect", self._expected, "--records", records, "--unique"]
        self._bench.topics.generate(self._input, options)
        self._launch = self._runner.launch(JOBS["count-unique"], self._name, self._input)
        self._runner.measure(self._system, self._launch, records)
        self._bench.topics.delete(self._launch.outputs["output"])
        self._launch.outputs["output"] += "-again"
        self._bench.topics.create([self._launch.outputs["output"]])

    def restart(self):
        self._probe()
        with Served(self._system, self._launch, self._bench.options) as job:
            return job.seconds_until("first")

    def check(self):
        """The restarts may have ended before their last probe; this run is the end, and the counts must be right."""
        self._probe()
        self._runner.run_program(self._system, self._launch)
        truth = self._expected / "probes.tsv"
        self._runner.check(self._system, self._launch, JOBS["count-unique"].outputs[0], truth)

    def kill(self):
        """In the middle of as many records again; returns the seconds of the restart, and the records it restored."""
        self._bench.topics.generate(self._input, ["--records", self._bench.options.keys, "--unique"])
        with Served(self._system, self._launch, self._bench.options) as job:
            job.seconds_until("first")
            time.sleep(UNTIL_KILLED)
            job.kill()
        with Served(self._system, self._launch, self._bench.options) as job:
            seconds = job.seconds_until("first")
        return seconds, job.report.get("restored")

    def _probe(self):
        self._rounds += 1
        counts, truth = self._expected / "count.tsv", self._expected / "probes.tsv"
        self._bench.topics.probe(self._input, counts, truth, self._rounds)


def run_all(bench, systems):
    options = bench.options
    results = {system.name: {EMPTY: [], RESTART: [], KILLED: [], REPLAYED: []} for system in systems}
    parts = {system.name: Startup(bench, system, options.work / "expected") for system in systems}
    for name, part in parts.items():
        say(f"filling the state of {name} with {options.keys:,} records")
        part.fill()
    for number in range(1, options.runs + 1):
        for name, part in parts.items():
            say(f"run {number} of {options.runs}: {name}")
            results[name][EMPTY].append(part.empty(number))
            results[name][RESTART].append(part.restart())
    for name, part in parts.items():
        part.check()
        if not options.no_kill:
            say(f"kill -9: {name}")
            seconds, restored = part.kill()
            results[name][KILLED].append(seconds)
            results[name][REPLAYED] += [] if restored is None else [restored]
    return results


def table(results):
    lines = ["| | " + " | ".join(results) + " |", "|---|" + "---:|" * len(results)]
    for what in (EMPTY, RESTART, KILLED, REPLAYED):
        form = "{:,.0f}" if what == REPLAYED else "{:.2f} s"
        cells = [spread(found[what], form) if found[what] else "" for found in results.values()]
        lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def startup(options):
    systems = chosen(options.systems, {system.name: system for system in all_systems(options.bin)}, "system")
    with Bench(options) as bench:
        results = run_all(bench, systems)
    print(
        f"{options.runs} runs in turn; {options.keys:,} records of nearly as many keys on the disk; sessions of 45 s, "
        f"as they come, unless --set says otherwise. The counts were right after all restarts. Median (range).\n"
    )
    print(table(results))
    bench.save(f"startup-{bench.began}", {"results": results})


if __name__ == "__main__":
    sys.exit(main(startup, parse_arguments))
