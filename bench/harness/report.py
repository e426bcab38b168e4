"""Medians and ranges, and the tables."""

from statistics import median

MILLION = 1_000_000


def rates(run):
    """Records/s up to the last record; CPU until all is committed, or of the whole process where that is not said."""
    cpu = run["committed_cpu_s"] if "committed_cpu_s" in run else run["process_cpu_s"]
    figures = {
        "records_per_s": run["records"] / run["wall_s"],
        "cpu_s_per_million": cpu / run["records"] * MILLION,
    }
    if "process_cpu_s" in run:  # not known of a part of a run
        figures["process_cpu_s_per_million"] = run["process_cpu_s"] / run["records"] * MILLION
        figures["peak_rss_mb"] = run["peak_rss_mb"]
    return figures


def summary(runs):
    rows = [rates(run) for run in runs]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return {name: {"median": median(found), "min": min(found), "max": max(found)} for name, found in columns.items()}


def with_warm_rows(results):
    """A system that reports its second half gets a row for it: what it costs once it is warm."""
    rows = {}
    for name, runs in results.items():
        rows[name] = summary(runs)
        if all("warm" in run for run in runs):
            rows[name + ", second half"] = summary([run["warm"] for run in runs])
    return rows


def table(job, results, missing):
    rows = with_warm_rows(results)
    references = [name for name in rows if not name.startswith(("levada", "kafka-streams-default"))]
    lines = [f"### {job.name}: {job.title}", ""]
    heads = ["system", "records/s", "CPU s/M", "process CPU s/M", "peak RSS MB"]
    heads += [f"vs {name}" for name in references]
    lines += ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    for name, row in rows.items():
        cells = [name, cell(row, "records_per_s", "{:,.0f}"), cell(row, "cpu_s_per_million", "{:.2f}")]
        cells += [cell(row, "process_cpu_s_per_million", "{:.2f}"), cell(row, "peak_rss_mb", "{:.0f}")]
        cells += [ratio(row, rows[reference]) for reference in references]
        lines.append("| " + " | ".join(cells) + " |")
    lines += [f"| {name} | not run: {why} |" + " |" * (len(heads) - 2) for name, why in missing.items()]
    return "\n".join(lines + [""])


def cell(row, name, form):
    if name not in row:
        return ""
    values = {key: form.format(value) for key, value in row[name].items()}
    return f"{values['median']} ({values['min']}–{values['max']})"


def spread(found, form):
    """The median and the range of some numbers."""
    return f"{form.format(median(found))} ({form.format(min(found))}–{form.format(max(found))})"


def ratio(row, reference):
    if row is reference:
        return "1"
    columns = {"records_per_s": "rate", "cpu_s_per_million": "CPU", "peak_rss_mb": "RSS"}
    return ", ".join(
        f"{over(row, reference, column):.2f}× {title}"
        for column, title in columns.items()
        if column in row and column in reference
    )


def over(row, reference, column):
    return row[column]["median"] / reference[column]["median"]


def goals(job, results):
    """A line for each goal of Levada's that these results decide."""
    rows = {name: summary(runs) for name, runs in results.items()}
    levada, streams, loop = rows.get("levada"), rows.get("kafka-streams"), rows.get(job.goals.loop)
    lines = []
    if levada and streams:
        lines.append(goal("records/s of kafka-streams", over(levada, streams, "records_per_s"), least=job.goals.rate))
        lines.append(goal("CPU of kafka-streams", over(levada, streams, "cpu_s_per_million"), most=job.goals.cpu))
        lines.append(goal("peak RSS of kafka-streams", over(levada, streams, "peak_rss_mb"), most=job.goals.rss))
    if levada and loop:
        lines.append(goal(f"CPU of {job.goals.loop}", over(levada, loop, "cpu_s_per_million"), most=job.goals.loop_cpu))
    combined = rows.get("levada-combined")
    if combined and streams:
        rate = over(combined, streams, "records_per_s")
        lines.append(goal("records/s of kafka-streams with a combiner", rate, least=job.goals.combined_rate))
    return lines


def goal(what, found, least=None, most=None):
    met = found >= least if least is not None else found <= most
    wanted = f"≥ {least:.3g}×" if least is not None else f"≤ {most:.3g}×"
    return f"* {'met' if met else 'MISSED'}: {found:.2f}× {what} (goal {wanted})"
