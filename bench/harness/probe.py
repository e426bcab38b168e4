"""Records at a steady rate, and how long their results take."""

import json

from .cluster import run_tool


def add_probe_options(parsed, rate, keys, warmup, seconds):
    parsed.add_argument("--rate", type=int, default=rate, help="records a second; default: %(default)s")
    parsed.add_argument("--keys", type=int, default=keys, help="default: %(default)s")
    parsed.add_argument("--warmup", type=int, default=warmup, help="seconds that do not count; default: %(default)s")
    parsed.add_argument("--seconds", type=int, default=seconds, help="that do; default: %(default)s")


def probe(bench, input_topic, output_topic=None):
    """Sends and receives on any core: the broker has its own, the job has the others, the probe what is left."""
    options = bench.options
    command = [options.bin / "latency_probe", "--bootstrap-servers", bench.bootstrap_servers, "--input", input_topic]
    command += ["--output", output_topic] if output_topic else []
    command += ["--rate", options.rate, "--keys", options.keys, "--warmup", options.warmup]
    return json.loads(run_tool([*command, "--seconds", options.seconds]))
