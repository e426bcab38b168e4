"""The jobs: what they read, what they write, the truth their output is compared with, and what Levada is to reach."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    option: str  # of the job program: --<option> TOPIC
    expected: str  # file the generator wrote
    format: str  # as check_output understands it
    once: bool = False  # every key exactly once, not only its last value
    windowed: bool = False  # keys end in the start of their window


@dataclass(frozen=True)
class Goals:
    """What Levada is to reach: medians of its runs against those of the others."""

    rate: float  # at least so many times Kafka Streams'
    cpu: float  # at most such a part of Kafka Streams'
    loop: str = ""  # the loop to be compared with
    loop_cpu: float = 0  # at most so many times its CPU
    rss: float = 1 / 5  # at most such a part of Kafka Streams'
    combined_rate: float = 0  # with a combiner: at least so many times Kafka Streams'


@dataclass(frozen=True)
class Job:
    name: str
    title: str
    input: str  # "orders": the key is the order id; "keyed": one of --keys customers; else: nearly all are different
    outputs: tuple
    goals: Goals
    runs: str = ""  # the job whose program does this one
    restores: bool = False

    @property
    def program(self):
        return self.runs or self.name


JOBS = {
    job.name: job
    for job in (
        Job(
            "stateless",
            "JSON in, filter, map, JSON out",
            "orders",
            (Output("output", "payments.tsv", "amount", once=True),),
            Goals(rate=4, cpu=1 / 5, loop="loop", loop_cpu=1.2),
        ),
        Job(
            "orders",
            "orders and revenue per hour: group by type, repartition, hourly windows",
            "orders",
            (Output("counts", "created.tsv", "json"), Output("revenue", "revenue.tsv", "json")),
            Goals(rate=4, cpu=1 / 5, loop="loop-repartition", loop_cpu=1.2, combined_rate=8),
        ),
        Job(
            "count",
            "records counted by key",
            "keyed",
            (Output("output", "count.tsv", "long"),),
            Goals(rate=6, cpu=1 / 8, loop="loop", loop_cpu=1.2),
        ),
        Job(
            "count-unique",
            "records counted by key, nearly all keys different",
            "unique",
            (Output("output", "count.tsv", "long"),),
            Goals(rate=4, cpu=1 / 4, loop="loop", loop_cpu=0.7),
        ),
        Job(
            "windowed",
            "records counted by key and hour, nearly all different",
            "unique",
            (Output("output", "windows.tsv", "long", windowed=True),),
            Goals(rate=4, cpu=1 / 4, loop="loop", loop_cpu=0.7),
        ),
        Job(
            "restore",
            "the counts of count-unique rebuilt from their changelog",
            "restored",
            (Output("output", "", "long"),),
            Goals(rate=4, cpu=1 / 4),
            runs="count-unique",
            restores=True,
        ),
    )
}
