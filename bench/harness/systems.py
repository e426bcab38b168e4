"""The systems: for each the command that runs a job, by the contract in bench/README.md."""

from dataclasses import dataclass, replace
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent

# A fixed heap, so that runs are alike; the parallel collector, because throughput is measured, and because the JVM
# would choose the serial one by itself on a single core.
JVM_OPTIONS = ("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error")


RECORD_CACHE_BYTES = 128 << 20  # the same as in java/…/Settings.java


@dataclass(frozen=True)
class Launch:
    """What every system is told about a run."""

    job: str
    bootstrap_servers: str
    application_id: str
    input: str
    outputs: dict  # option: topic
    state_dir: Path
    threads: int
    commit_interval_ms: int
    settings: tuple  # key=value

    def common_arguments(self):
        arguments = ["--bootstrap-servers", self.bootstrap_servers, "--application-id", self.application_id]
        arguments += ["--input", self.input, "--state-dir", str(self.state_dir)]
        for option, topic in self.outputs.items():
            arguments += ["--" + option, topic]
        for setting in self.settings:
            arguments += ["--set", setting]
        return arguments

    def arguments(self):
        limits = ["--threads", str(self.threads), "--commit-interval-ms", str(self.commit_interval_ms)]
        return self.common_arguments() + limits


class Program:
    """A C++ program for each job."""

    restores = False  # rebuilds its state from its changelog

    def __init__(self, name, programs, bin_dir):
        self.name = name
        self._programs = {job: bin_dir / program for job, program in programs.items()}

    def has(self, job):
        return job in self._programs

    def missing(self, job):
        """Why the system cannot run, or None."""
        return None if self._programs[job].exists() else f"{self._programs[job]} is not built"

    def command(self, launch):
        return [str(self._programs[launch.job])] + launch.arguments()

    @staticmethod
    def serve_arguments():
        """What makes the program run until SIGTERM; of systems that restore."""
        return ["--serve"]


class Levada(Program):
    """Its job orders is the example, which takes threads and commit interval as settings like any application."""

    restores = True
    TUNING = (f"statestore.cache.max.bytes={RECORD_CACHE_BYTES}", f"levada.memory.max.bytes={256 << 20}")

    def __init__(self, name, programs, bin_dir, orders_options=()):
        super().__init__(name, programs, bin_dir)
        self._orders_options = orders_options

    def command(self, launch):
        launch = replace(launch, settings=(*self.TUNING, *launch.settings))
        command = super().command(launch)
        if launch.job == "orders":
            command = [command[0], *launch.common_arguments(), "--grace", "36500d", "--stop-at-end", "--report"]
            command += self._orders_options
            command += ["--set", f"num.stream.threads={launch.threads}"]
            command += ["--set", f"commit.interval.ms={launch.commit_interval_ms}"]
        return command


class LevadaCurve:
    """Levada at one point of a curve, with the record cache as it comes."""

    name = "levada"

    def __init__(self, bin_dir, point):
        self._program = bin_dir / "levada_curve"
        self._point = point

    def command(self, launch):
        shape = ["--kind", self._point.kind, "--per-record", str(self._point.per_record)]
        return [str(self._program), *launch.arguments(), *shape]


class KafkaStreams:
    """The Java peer in one of its variants: "tuned" or "default"."""

    restores = True

    def __init__(self, name, variant):
        self.name = name
        self._variant = variant
        self._target = BENCH / "java" / "target"

    def has(self, job):
        return True

    def missing(self, job):
        return None if (self._target / "classes").exists() else f"{self._target} is not built"

    def command(self, launch):
        class_path = f"{self._target}/classes:{self._target}/lib/*"
        return (
            ["java", *JVM_OPTIONS, "-cp", class_path, "levada.bench.Main"]
            + ["--job", launch.job, "--variant", self._variant]
            + launch.arguments()
        )

    @staticmethod
    def serve_arguments():
        return ["--serve", "true"]


def all_systems(bin_dir):
    levada = {
        "stateless": "levada_stateless",
        "orders": "order_analytics",
        "count": "levada_count",
        "count-unique": "levada_count",
        "windowed": "levada_windowed",
    }
    loop = {
        "stateless": "loop_stateless",
        "orders": "loop_orders",
        "count": "loop_count",
        "count-unique": "loop_count_unique",
        "windowed": "loop_windowed",
    }
    return [
        Levada("levada", levada, bin_dir),
        Levada("levada-combined", {"orders": levada["orders"]}, bin_dir, orders_options=["--combine"]),
        KafkaStreams("kafka-streams", "tuned"),
        KafkaStreams("kafka-streams-default", "default"),
        Program("loop", loop, bin_dir),
        Program("loop-repartition", {"orders": "loop_orders_repartition"}, bin_dir),
    ]
