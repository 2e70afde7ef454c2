"""Reads runs as the programs did that read the trees of run_aiperf.py. Argument: a glob of them."""
import csv
import glob
import json
import os
import sys
from datetime import datetime

METADATA = {
    "run_index": int,
    "timestamp": str,
    "config_file": str,
    "sweep_params": (dict, type(None)),
    "base_config": dict,
    "command": str,
}
RESULT = {"args": list, "returncode": int, "stdout": str, "stderr": str}


def check(holds, what):
    if not holds:
        sys.exit(what)


def fields(folder, name, types):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        found = json.load(file)
    for key, kind in types.items():
        check(key in found, f"{folder}{name}: no {key}")
        check(
            isinstance(found[key], kind) and not isinstance(found[key], bool),
            f"{folder}{name}: {key} is {found[key]!r}",
        )
    seconds = found.get("duration_seconds")
    check(isinstance(seconds, (int, float)), f"{folder}{name}: duration_seconds is {seconds!r}")
    return found


def metrics(file):
    """Metric name to row, whatever the section; a row's first number is its average or value."""
    with open(file, newline="", encoding="utf-8") as lines:
        return {row[0]: row[1] for row in csv.reader(lines) if len(row) > 1}


def figures(folder):
    file = os.path.join(folder, "profile_export_aiperf.csv")
    if not os.path.exists(file):
        return "without CSV"
    found = metrics(file)
    rate = found["Request Throughput (requests/sec)"]
    check(float(rate) > 0, f"{file}: request throughput {rate}")
    check(float(found["Request Latency (ms)"]) > 0, f"{file}: no request latency")
    with open(os.path.join(folder, "profile_export_aiperf.json"), encoding="utf-8") as same:
        average = json.load(same)["request_throughput"]["avg"]
    check(abs(float(rate) - average) < 0.01, f"{file}: {rate} is not {average}")
    return f"requests={found['Request Count']} rps={rate}"


def run(folder):
    metadata = fields(folder, "run_metadata.json", METADATA)
    result = fields(folder, "process_result.json", RESULT)
    datetime.fromisoformat(metadata["timestamp"])
    name = os.path.basename(os.path.normpath(folder))
    swept = metadata["sweep_params"]
    if swept is not None:
        old = "_".join(f"{key}{value}" for key, value in sorted(swept.items()))
        check(name == old, f"the folder {name} was called {old}")
    check(metadata["command"].startswith("aiperf profile "), metadata["command"])
    check(result["args"][:2] == ["aiperf", "profile"], f"args are {result['args']}")
    check(all(isinstance(each, str) for each in result["args"]), f"args are {result['args']}")
    for key in ("model", "url", "benchmark_duration", "api_key_env_var"):
        check(key in metadata["base_config"], f"base_config has no {key}")
    return f"{name} rc={result['returncode']} {figures(folder)}"


folders = [f for f in sorted(glob.glob(sys.argv[1])) if os.path.exists(f + "run_metadata.json")]
check(folders, f"no run matches {sys.argv[1]}")
for each in folders:
    print(run(each))
