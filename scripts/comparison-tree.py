#!/usr/bin/env python3
"""Makes batches to compare: comparison-tree.py BATCH_DIR RESULTS_DIR [BATCHES]

BATCH_DIR is a batch with the keys concurrency and prompt_input_tokens_mean and with repeats, such as one of a fake
aiperf. RESULTS_DIR gets BATCHES (30) copies of it with other labels and figures: engines of different speed, noise of
2 % between repeats, a throughput that levels off. Run folders have what reports read; results.csv has the same figures.
"""
import csv, io, json, os, random, re, sys

source, results = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 30
random.seed(7)
ENGINES = ["vllm", "sglang", "trt-llm", "tgi", "llama.cpp"]
GPUS = {"h100": 1.6, "h200": 1.8, "a100": 1.0}
record = json.load(open(f"{source}/batch.json"))
summary = json.load(open(f"{source}/summary.json"))
config = open(f"{source}/config.yaml").read()
table = list(csv.DictReader(open(f"{source}/results.csv")))
head = csv.DictReader(open(f"{source}/results.csv")).fieldnames


def figures(speed, load, isl):
    noise = lambda: random.gauss(1, 0.02)
    itl = (6 + 0.12 * load * (1 + isl / 4000)) / speed * noise()
    ttft = (30 + isl / 40 + 1.5 * load) / speed * noise()
    osl = 200
    latency = ttft + (osl - 1) * itl
    rps = load * 1000 / latency
    spread = lambda value, tail: {"avg": value * 1.05, "p50": value, "p90": value * tail, "p99": value * tail ** 2, "count": 400}
    return {
        "request_count": {"avg": 400}, "request_throughput": {"avg": rps}, "output_token_throughput": {"avg": rps * osl},
        "output_token_throughput_per_user": {"p50": 1000 / itl, "avg": 1000 / itl}, "time_to_first_token": spread(ttft, 1.3),
        "inter_token_latency": spread(itl, 1.1), "request_latency": spread(latency, 1.12),
        "input_sequence_length": {"avg": isl}, "output_sequence_length": {"avg": osl}, "effective_concurrency": {"avg": load * 0.98}}


COLUMNS = {"requests": "request_count.avg", "request_throughput_rps": "request_throughput.avg", "output_tokens_per_s": "output_token_throughput.avg",
           "output_tokens_per_s_per_user": "output_token_throughput_per_user.p50", "effective_concurrency": "effective_concurrency.avg",
           "isl_avg": "input_sequence_length.avg", "osl_avg": "output_sequence_length.avg",
           **{f"{column}_{stat}": f"{tag}.{stat}" for column, tag in
              (("ttft_ms", "time_to_first_token"), ("itl_ms", "inter_token_latency"), ("request_latency_ms", "request_latency"))
              for stat in ("avg", "p50", "p90", "p99")}}

for number in range(count):
    engine, gpu = ENGINES[number % 5], list(GPUS)[number // 5 % 3]
    gpus = [1, 2, 4][number % 3]
    speed = GPUS[gpu] * (0.8 + 0.08 * (number % 5)) * (1 + 0.03 * (number // 15)) * gpus ** 0.8
    name = f"{engine}-{gpu}"
    id = f"{name}/202611{1 + number:02d}_020000"
    out = f"{results}/{id}"
    os.makedirs(out)
    labels = {"engine": engine, "engine_version": f"0.{10 + number // 15}.0", "gpu": gpu, "gpus": str(gpus), "commit": f"{random.getrandbits(28):07x}"}
    text = re.sub(r"(?m)^batch_name:.*", f"batch_name: {name}", config) + "labels: {%s}\n" % ", ".join(f'{k}: "{v}"' for k, v in labels.items())
    open(f"{out}/config.yaml", "w").write(text)
    json.dump(dict(record, id=id, labels=labels, accepted_at=f"2026-11-{1 + number:02d}T02:00:00Z"), open(f"{out}/batch.json", "w"))
    json.dump(dict(summary, batch_id=id), open(f"{out}/summary.json", "w"))
    rows = []
    for row in table:
        run = f"{out}/{row['folder']}"
        os.makedirs(run)
        export = json.load(open(f"{source}/{row['folder']}/profile_export_aiperf.json"))
        measured = figures(speed, float(row["concurrency"]), float(row["prompt_input_tokens_mean"]))
        for tag, stats in measured.items():
            export.setdefault(tag, {"unit": ""}).update(stats)
        json.dump(export, open(f"{run}/profile_export_aiperf.json", "w"))
        for file in ("process_result.json", "run_metadata.json", "environment.json"):
            open(f"{run}/{file}", "w").write(open(f"{source}/{row['folder']}/{file}").read())
        values = {column: f"{measured[path.split('.')[0]][path.split('.')[1]]:.3f}" for column, path in COLUMNS.items()}
        rows.append({**row, **{column: value for column, value in values.items() if column in head}})
    with open(f"{out}/results.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, head, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
