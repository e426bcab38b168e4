"""The curves: what grows, in which steps, and how many records a step needs."""

from dataclasses import dataclass

QUICK_RECORDS = 50_000
QUICK_STEPS = 3
WINDOWS_OF_A_RECORD = "windows a record"


@dataclass(frozen=True)
class Point:
    at: int  # what is drawn on the x axis
    records: int
    kind: str = "count"  # of levada_curve
    keys: int = 100_000
    value_bytes: int = 0  # 0: events of 207 bytes
    partitions: int = 4
    threads: int = 1
    per_record: int = 1
    settings: tuple = ()

    @property
    def input(self):
        """Points with the same input share a topic."""
        return (self.records, self.keys, self.value_bytes, self.partitions)

    @property
    def sum(self):
        """What all counts sum up to; None where values are no counts."""
        if self.kind == "latest":
            return None
        return self.records * (self.per_record if self.kind == "windowed" else 1)


@dataclass(frozen=True)
class Curve:
    name: str
    axis: str
    points: tuple


MILLION = 1_000_000
SMALL_MEMORY = ("levada.memory.max.bytes=134217728",)  # 10 M keys take several times as much


def all_curves():
    return [
        Curve(
            "keys",
            "different keys (memory budget 128 MiB)",
            tuple(
                Point(keys, max(MILLION, keys), keys=keys, settings=SMALL_MEMORY)
                for keys in (10_000, 100_000, MILLION, 3 * MILLION, 10 * MILLION)
            ),
        ),
        Curve(
            "value-size",
            "bytes of a value, which is state",
            tuple(
                Point(size, min(MILLION, 400 * MILLION // size), "latest", keys=10_000, value_bytes=size)
                for size in (50, 200, 1_000, 4_000, 10_000)
            ),
        ),
        Curve(
            "partitions",
            "partitions in one process",
            # A task costs as much to start as ten thousand records.
            tuple(Point(count, MILLION * max(1, count // 32), partitions=count) for count in (4, 16, 64, 256)),
        ),
        Curve("threads", "threads (on all cores)", tuple(Point(count, MILLION, threads=count) for count in (1, 2))),
        Curve(
            "windows",
            WINDOWS_OF_A_RECORD,
            tuple(
                Point(count, 200_000, "windowed", keys=1_000, per_record=count) for count in (1, 2, 5, 10, 30, 60)
            ),
        ),
        Curve(
            "stores",
            "stores in a task",
            tuple(
                Point(count, MILLION // 2 * max(1, count // 16), "stores", per_record=count)
                for count in (1, 4, 16, 64, 256)
            ),
        ),
    ]
