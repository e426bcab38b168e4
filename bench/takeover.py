"""How long results wait when an instance dies, is stopped, or when all are restarted in turn."""

import shutil
import sys
import threading
import time
from dataclasses import dataclass, replace

from harness.cluster import Failed, say
from harness.jobs import JOBS
from harness.options import Bench, chosen, main, parser
from harness.probe import add_probe_options, probe
from harness.report import spread
from harness.runner import Runner
from harness.served import Served
from harness.systems import all_systems

# Results are seen when they are committed, and never twice: the probe holds every count against the truth.
SETTINGS = ("statestore.cache.max.bytes=0", "processing.guarantee=exactly_once_v2", "commit.interval.ms=100")
AFTER_WARMUP = 3  # seconds, before anything happens


@dataclass(frozen=True)
class Scenario:
    title: str
    happen: str  # to the instances: a method of Instances
    instances: int = 2
    standbys: int = 0
    static: bool = False


SCENARIOS = {
    "kill": Scenario("kill -9 of one of two", "kill_one"),
    "kill-standby": Scenario("the same with a standby", "kill_one", standbys=1),
    "stop": Scenario("one of two is stopped", "stop_one"),
    "stop-standby": Scenario("the same with a standby", "stop_one", standbys=1),
    "rolling": Scenario("three static members, restarted in turn", "restart_all", instances=3, static=True),
}


def parse_arguments():
    parsed = parser("takeover", __doc__)
    parsed.add_argument("--systems", default="levada,kafka-streams-default", help="default: %(default)s")
    parsed.add_argument("--scenarios", default=",".join(SCENARIOS), help="default: %(default)s")
    parsed.add_argument("--state", type=int, default=1_000_000, help="keys on the disks; default: %(default)s")
    parsed.add_argument("--session", type=int, default=6, help="seconds of session.timeout.ms; default: %(default)s")
    add_probe_options(parsed, rate=2_000, keys=1_000, warmup=20, seconds=40)
    return parsed.parse_args()


class Instances:
    """Instances of one application, each with a disk of its own."""

    def __init__(self, bench, system, launch, scenario):
        self._bench = bench
        self._system = system
        self._launch = launch
        self._scenario = scenario
        self._running = {}

    def __enter__(self):
        try:
            for number in range(self._scenario.instances):
                self._start(number)
            for instance in self._running.values():
                instance.seconds_until("running")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for instance in self._running.values():
            instance.stop()

    def kill_one(self):
        self._running.pop(0).kill()

    def stop_one(self):
        self._running.pop(0).stop()

    def restart_all(self):
        for number in list(self._running):
            self._running.pop(number).stop()
            self._start(number)
            self._running[number].seconds_until("running")

    def _start(self, number):
        state_dir = self._launch.state_dir / str(number)
        settings = [f"num.standby.replicas={self._scenario.standbys}"]
        settings += [f"group.instance.id=instance-{number}"] if self._scenario.static else []
        launch = replace(self._launch, state_dir=state_dir, settings=(*self._launch.settings, *settings))
        self._running[number] = Served(self._system, launch, self._bench.options).__enter__()


class Happening(threading.Thread):
    """Does something later, and keeps what went wrong with it."""

    def __init__(self, seconds, act):
        super().__init__(daemon=True)
        self._seconds = seconds
        self._act = act
        self.failure = None

    def run(self):
        try:
            time.sleep(self._seconds)
            self._act()
        except Failed as failure:
            self.failure = failure


def fill(bench, runner, system, launch):
    """The state of --state keys on the disk of the first instance; the others will have to restore their share."""
    options = ["--expect", bench.options.work / "expected" / launch.state_dir.name, "--records", bench.options.state]
    bench.topics.generate(launch.input, [*options, "--unique"])
    runner.measure(system, replace(launch, state_dir=launch.state_dir / "0"), bench.options.state)
    bench.topics.delete(launch.outputs["output"])
    launch.outputs["output"] += "-again"
    bench.topics.create([launch.outputs["output"]])


def measure(bench, runner, system, name, number):
    scenario = SCENARIOS[name]
    run = f"takeover-{name}-{system.name}-{number}"
    topic = f"{bench.prefix}-{run}-input"
    settings = (*SETTINGS, f"session.timeout.ms={bench.options.session * 1000}")
    launch = runner.launch(JOBS["count-unique"], run, topic, settings=settings)
    fill(bench, runner, system, launch)
    with Instances(bench, system, launch, scenario) as instances:
        happening = Happening(bench.options.warmup + AFTER_WARMUP, getattr(instances, scenario.happen))
        happening.start()
        try:
            found = probe(bench, topic, launch.outputs["output"])
        finally:
            happening.join()
        if happening.failure:
            raise happening.failure
    bench.topics.delete(launch.application_id)
    shutil.rmtree(launch.state_dir)
    return found


def run_all(bench, names, systems):
    runner = Runner(bench, {})
    results = {name: {system.name: [] for system in systems} for name in names}
    for number in range(1, bench.options.runs + 1):
        for name in names:
            for system in systems:
                say(f"run {number} of {bench.options.runs}: {name}, {system.name}")
                results[name][system.name].append(measure(bench, runner, system, name, number))
    return results


def table(results, systems):
    lines = ["| | " + " | ".join(system.name for system in systems) + " |", "|---|" + "---:|" * len(systems)]
    for name, found in results.items():
        cells = [spread([run["max_ms"] / 1000 for run in found[system.name]], "{:.2f} s") for system in systems]
        lines.append("| " + " | ".join([SCENARIOS[name].title, *cells]) + " |")
    return "\n".join(lines)


def takeover(options):
    systems = chosen(options.systems, {system.name: system for system in all_systems(options.bin)}, "system")
    chosen(options.scenarios, SCENARIOS, "scenario")
    with Bench(options) as bench:
        results = run_all(bench, options.scenarios.split(","), systems)
    print(
        f"The longest that a result came after its record, of {options.rate:,} records/s: counts, exactly once, commit "
        f"every 100 ms, {options.state:,} keys on the disks, sessions of {options.session} s, a thread an instance. "
        f"Every count was right. {options.runs} runs in turn, median (range).\n"
    )
    print(table(results, systems))
    bench.save(f"takeover-{bench.began}", {"results": results})


if __name__ == "__main__":
    sys.exit(main(takeover, parse_arguments))
