"""The jobs: what they read, what they write, and the truth their output is compared with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    option: str  # of the job program: --<option> TOPIC
    expected: str  # file the generator wrote
    format: str  # as check_output understands it
    once: bool = False  # every key exactly once, not only its last value


@dataclass(frozen=True)
class Job:
    name: str
    title: str
    input: str  # "orders": the key is the order id; "keyed": one of --keys customers
    outputs: tuple


JOBS = {
    job.name: job
    for job in (
        Job(
            "stateless",
            "JSON in, filter, map, JSON out",
            "orders",
            (Output("output", "payments.tsv", "amount", once=True),),
        ),
        Job(
            "orders",
            "orders and revenue per hour: group by type, repartition, hourly windows",
            "orders",
            (Output("counts", "created.tsv", "json"), Output("revenue", "revenue.tsv", "json")),
        ),
        Job("count", "records counted by key", "keyed", (Output("output", "count.tsv", "long"),)),
    )
}
