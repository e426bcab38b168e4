"""How the cost of a record grows: with keys, value size, partitions, threads, windows and stores."""

import sys
from dataclasses import replace

from harness.cluster import Failed, say
from harness.curve_points import QUICK_RECORDS, QUICK_STEPS, all_curves
from harness.drawing import draw
from harness.jobs import JOBS
from harness.options import Bench, chosen, main, parser
from harness.report import rates
from harness.runner import Runner
from harness.systems import LevadaCurve


def parse_arguments():
    parsed = parser("curves", __doc__, runs=1)
    names = ",".join(curve.name for curve in all_curves())
    parsed.add_argument("--curves", default=names, help="default: %(default)s")
    parsed.add_argument("--scale", type=float, default=1, help="of all numbers of records; default: %(default)s")
    parsed.add_argument("--quick", action="store_true", help="the first points only, and few records: does it work?")
    return parsed.parse_args()


def points_of(options, curve):
    points = curve.points[:QUICK_STEPS] if options.quick else curve.points
    most = QUICK_RECORDS if options.quick else sys.maxsize
    return [replace(point, records=max(1, min(most, int(point.records * options.scale)))) for point in points]


class Inputs:
    """Topics with events, made when they are asked for and dropped when no point needs them any more."""

    def __init__(self, bench):
        self._bench = bench
        self._made = None

    def topic_for(self, point):
        if self._made != point.input:
            name = self._name(point.input)
            if self._made is not None:
                self._bench.topics.delete(self._name(self._made))
            self._bench.topics.generate(name, self._options(point))
            self._made = point.input
        return self._name(point.input)

    def _name(self, made):
        return f"{self._bench.prefix}-input-" + "-".join(map(str, made)) + "-end"

    @staticmethod
    def _options(point):
        return [
            *["--records", point.records, "--keys", point.keys, "--value-bytes", point.value_bytes],
            *["--partitions", point.partitions],
        ]


def run_point(bench, runner, inputs, curve, point, number):
    name = f"curve-{curve.name}-{point.at}-{number}"
    topic = inputs.topic_for(point)
    system = LevadaCurve(bench.options.bin, point)
    launch = runner.launch(JOBS["count"], name, topic, settings=point.settings)
    launch = replace(launch, threads=point.threads)
    result = runner.measure(system, launch, point.records)
    check(bench, launch, point)
    bench.topics.delete(launch.application_id)
    return result


def check(bench, launch, point):
    """The counts of all keys sum up to what the records are worth; values have the size they were sent with."""
    try:
        if point.sum is not None:
            windowed = ["--windowed"] if point.kind == "windowed" else []
            options = ["--format", "long", "--sum", point.sum, *windowed]
        else:
            keys = bench.topics.check_with(launch.input, ["--format", "size", "--count-keys"])
            options = ["--format", "size", "--sum", keys * point.value_bytes]
        bench.topics.check_with(launch.outputs["output"], options)
    except Failed as failed:
        raise Failed(f"levada wrote a wrong result for {launch.application_id}: {failed}") from None


def run_curve(bench, inputs, curve):
    runner = Runner(bench, {}, pin=curve.name != "threads")
    rows = []
    for point in points_of(bench.options, curve):
        say(f"{curve.name}: {point.at:,}, {point.records:,} records")
        runs = [run_point(bench, runner, inputs, curve, point, number + 1) for number in range(bench.options.runs)]
        rows.append({"at": point.at, "records": point.records, "runs": [rates(run) for run in runs]})
    return {"axis": curve.axis, "points": rows}


def table(found):
    lines = []
    for name, curve in found.items():
        lines += [f"### {name}", ""]
        lines += [f"| {curve['axis']} | records/s | CPU s/M | peak RSS MB |", "|---:|---:|---:|---:|"]
        for row in curve["points"]:
            middle = middle_run(row["runs"])
            cells = [f"{row['at']:,}", f"{middle['records_per_s']:,.0f}"]
            cells += [f"{middle['cpu_s_per_million']:.2f}", f"{middle['peak_rss_mb']:.0f}"]
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def middle_run(runs):
    """The run with the median CPU."""
    return sorted(runs, key=lambda run: run["cpu_s_per_million"])[len(runs) // 2]


def curves(options):
    wanted = chosen(options.curves, {curve.name: curve for curve in all_curves()}, "curve")
    with Bench(options) as bench:
        inputs = Inputs(bench)
        found = {curve.name: run_curve(bench, inputs, curve) for curve in wanted}
    print(table(found))
    whole = options.scale == 1 and not options.quick and len(wanted) == len(all_curves())
    path = bench.save("curves" if whole else "curves-part", {"curves": found})
    drawn = {name: {**curve, "points": medians(curve["points"])} for name, curve in found.items()}
    draw(drawn, path.with_suffix(".svg"))
    say(f"drawn: {path}.svg")


def medians(rows):
    return [{"at": row["at"], **middle_run(row["runs"])} for row in rows]


if __name__ == "__main__":
    sys.exit(main(curves, parse_arguments))
