"""The curves as a picture: a row for each, of CPU, rate and memory."""

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend comes first)
from matplotlib.ticker import FuncFormatter, NullFormatter  # noqa: E402

COLUMNS = (
    ("cpu_s_per_million", "CPU µs a record"),
    ("records_per_s", "records/s"),
    ("peak_rss_mb", "peak RSS, MB"),
)


def draw(curves, path):
    """curves: name to {"axis": …, "points": [{"at": …, column: …}]}; every y axis begins at 0."""
    plt.rcParams["svg.fonttype"] = "none"  # text stays text: a quarter of the size
    plt.rcParams["svg.hashsalt"] = "levada"  # the same figures make the same file
    figure, rows = plt.subplots(len(curves), len(COLUMNS), figsize=(11, 2.4 * len(curves)), squeeze=False)
    for row, curve in zip(rows, curves.values()):
        for axes, (column, title) in zip(row, COLUMNS):
            draw_one(axes, curve, column, title)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def draw_one(axes, curve, column, title):
    at = [point["at"] for point in curve["points"]]
    axes.plot(at, [point[column] for point in curve["points"]], marker="o", markersize=4, color="#1f5fa8")
    axes.set_xscale("log")
    axes.set_xticks(at)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axes.margins(y=0.15)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(curve["axis"], fontsize=8)
    axes.set_title(title, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.grid(axis="y", linewidth=0.4)


def short(value):
    for limit, suffix in ((1e6, " M"), (1e3, " k")):
        if value >= limit:
            return f"{value / limit:g}{suffix}"
    return f"{value:g}"
