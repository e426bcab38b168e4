"""One run of one system: start, wait, measure, check."""

import json
import resource
import shutil
import subprocess

from .cluster import Failed, pinned
from .systems import Launch


class Runner:
    def __init__(self, bench, inputs, pin=True):
        self._options = bench.options
        self._topics = bench.topics
        self._bootstrap_servers = bench.bootstrap_servers
        self._prefix = bench.prefix
        self._cores = bench.options.job_cores if pin else None
        self._inputs = inputs  # kind: (topic, directory of the expected results)

    def prepare(self, systems, job):
        """What is to be done before the first run."""

    def run(self, system, job, number):
        """Returns what the run cost; raises Failed if it did not do the job."""
        input_topic, expected = self._inputs[job.input]
        launch = self.launch(job, f"{job.name}-{system.name}-{number}", input_topic)
        result = self.measure(system, launch, self._options.records)
        result["output_records"] = {
            output.option: self.check(system, launch, output, expected / output.expected) for output in job.outputs
        }
        self._topics.delete(launch.application_id)
        shutil.rmtree(launch.state_dir)
        return result

    def launch(self, job, name, input_topic, application=None, settings=()):
        """A run with output topics and a state directory of its own; `application` lets several share one id."""
        run_id = f"{self._prefix}-{name}"
        state_dir = self._options.work / "state" / run_id
        state_dir.mkdir(parents=True)
        launch = Launch(
            job=job.program,
            bootstrap_servers=self._bootstrap_servers,
            application_id=f"{self._prefix}-{application}" if application else run_id,
            input=input_topic,
            outputs={output.option: f"{run_id}-{output.option}" for output in job.outputs},
            state_dir=state_dir,
            threads=self._options.threads,
            commit_interval_ms=self._options.commit_interval_ms,
            settings=(*settings, *self._options.set),
        )
        self._topics.create(launch.outputs.values())
        return launch

    def measure(self, system, launch, records):
        """Runs a program to its end, which must have read so many records."""
        result = self.run_program(system, launch)
        if result["records"] != records:
            raise Failed(f"{launch.application_id}: {result['records']} records, expected {records}")
        return result

    def run_program(self, system, launch):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        log = self._options.work / f"{launch.state_dir.name}.log"
        with open(log, "w", encoding="utf-8") as errors:
            try:
                command = pinned(system.command(launch), self._cores)
                done = subprocess.run(
                    command, stdout=subprocess.PIPE, stderr=errors, text=True, timeout=self._options.timeout
                )
            except subprocess.TimeoutExpired:
                raise Failed(f"{launch.application_id}: not done after {self._options.timeout} s, see {log}") from None
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            raise Failed(f"{launch.application_id}: exit code {done.returncode}, see {log}")
        result = last_json_line(done.stdout, launch.application_id)
        result["process_cpu_s"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return result

    def check(self, system, launch, output, expected):
        try:
            return self._topics.check(launch.outputs[output.option], expected, output)
        except Failed as failed:
            raise Failed(f"{system.name} wrote a wrong result for {launch.job}: {failed}") from None


def last_json_line(text, where):
    lines = [line for line in text.splitlines() if line.startswith("{")]
    if not lines:
        raise Failed(f"{where}: printed no report")
    return json.loads(lines[-1])
