"""Restore: state is filled once for each system, then rebuilt from its changelog again and again."""

import shutil

from .cluster import Failed, say
from .runner import Runner

# Kafka Streams does not leave its group when it ends: without this, each run would first wait for 45 s.
SHORT_SESSION = ("consumer.session.timeout.ms=6000", "consumer.heartbeat.interval.ms=2000")


class RestoreRunner(Runner):
    """Each round appends a record of some keys to the input. A system starts with an empty directory, restores, and
    counts these on: their counts show whether it restored the right numbers."""

    def __init__(self, bench, inputs):
        super().__init__(bench, inputs)
        self._probes = {}  # number of the round: how many records
        self._keys = 0

    def prepare(self, systems, job):
        topic, expected = self._inputs[job.input]
        with open(expected / "count.tsv", encoding="utf-8") as counts:
            self._keys = sum(1 for _ in counts)
        for system in systems:
            say(f"{job.name}: filling the state of {system.name}")
            name = f"{job.name}-{system.name}"
            launch = self.launch(job, f"{name}-fill", topic, name, SHORT_SESSION)
            self.measure(system, launch, self._options.records)
            self.check(system, launch, job.outputs[0], expected / "count.tsv")
            self._topics.delete(launch.outputs["output"])
            shutil.rmtree(launch.state_dir)

    def run(self, system, job, number):
        topic, expected = self._inputs[job.input]
        truth = expected / f"probes-{number}.tsv"
        if number not in self._probes:
            self._probes[number] = self._topics.probe(topic, expected / "count.tsv", truth, number)
        name = f"{job.name}-{system.name}"
        launch = self.launch(job, f"{name}-{number}", topic, name, SHORT_SESSION)
        found = self.measure(system, launch, self._probes[number])
        self.check(system, launch, job.outputs[0], truth)
        self._topics.delete(launch.outputs["output"])
        shutil.rmtree(launch.state_dir)
        return self._result(launch, found)

    def _result(self, launch, found):
        if found["restored"] < self._keys:
            raise Failed(f"{launch.application_id}: restored {found['restored']} records of {self._keys} keys")
        return {
            "records": self._keys,
            "restored": found["restored"],
            "wall_s": found["restore_s"],
            "cpu_s": found["restore_cpu_s"],
            "committed_cpu_s": found["restore_cpu_s"],
            "process_cpu_s": found["process_cpu_s"],
            "peak_rss_mb": found["peak_rss_mb"],
        }
