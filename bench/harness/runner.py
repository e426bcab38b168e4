"""One run of one system: start, wait, measure, check."""

import json
import resource
import shutil
import subprocess

from .cluster import Failed, pinned
from .systems import Launch


class Runner:
    def __init__(self, options, topics, inputs, bootstrap_servers, prefix):
        self._options = options
        self._topics = topics
        self._inputs = inputs  # kind: (topic, directory of the expected results)
        self._bootstrap_servers = bootstrap_servers
        self._prefix = prefix

    def run(self, system, job, number):
        """Returns what the run cost; raises Failed if it did not do the job."""
        input_topic, expected = self._inputs[job.input]
        launch = self._launch(system, job, number, input_topic)
        self._topics.create(launch.outputs.values())
        result = self._measure(system, launch)
        result["output_records"] = {
            output.option: self._check(system, launch, output, expected) for output in job.outputs
        }
        self._topics.delete(launch.application_id)
        shutil.rmtree(launch.state_dir)
        return result

    def _launch(self, system, job, number, input_topic):
        application_id = f"{self._prefix}-{job.name}-{system.name}-{number}"
        state_dir = self._options.work / "state" / application_id
        state_dir.mkdir(parents=True)
        return Launch(
            job=job.name,
            bootstrap_servers=self._bootstrap_servers,
            application_id=application_id,
            input=input_topic,
            outputs={output.option: f"{application_id}-{output.option}" for output in job.outputs},
            state_dir=state_dir,
            threads=self._options.threads,
            commit_interval_ms=self._options.commit_interval_ms,
            settings=tuple(self._options.set),
        )

    def _measure(self, system, launch):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        log = self._options.work / f"{launch.application_id}.log"
        with open(log, "w", encoding="utf-8") as errors:
            try:
                command = pinned(system.command(launch), self._options.job_cores)
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
        if result["records"] != self._options.records:
            raise Failed(f"{launch.application_id}: {result['records']} records, expected {self._options.records}")
        return result

    def _check(self, system, launch, output, expected):
        try:
            return self._topics.check(launch.outputs[output.option], expected / output.expected, output)
        except Failed as failed:
            raise Failed(f"{system.name} wrote a wrong result for {launch.job}: {failed}") from None


def last_json_line(text, where):
    lines = [line for line in text.splitlines() if line.startswith("{")]
    if not lines:
        raise Failed(f"{where}: printed no report")
    return json.loads(lines[-1])
