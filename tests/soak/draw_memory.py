#!/usr/bin/env python3
"""What the instances of a soak took, as a picture: tests/soak/draw_memory.py memory.csv memory.svg"""

import csv
import sys
from collections import defaultdict

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend comes first)

GONE_SECONDS = 2  # without a line, before it is another process that has the name


def read(path):
    """By name, (minutes, MB) of each second; a gap, where a process was away, is a None."""
    lines = defaultdict(list)
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            points, second = lines[row["name"]], int(row["second"])
            if points and second / 60 - points[-1][0] > GONE_SECONDS / 60:
                points.append((second / 60, None))
            points.append((second / 60, int(row["resident_kib"]) / 1024))
    return lines


def draw(lines, path):
    plt.rcParams["svg.fonttype"] = "none"
    plt.rcParams["svg.hashsalt"] = "levada"
    figure, axes = plt.subplots(figsize=(9, 3))
    for name, points in sorted(lines.items()):
        axes.plot(*zip(*points), linewidth=0.8, label=name)
    axes.set_xlabel("minutes")
    axes.set_ylabel("resident, MB")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", linewidth=0.4)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    draw(read(sys.argv[1]), sys.argv[2])
