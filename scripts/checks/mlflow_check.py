"""Compares a run in MLflow with the metrics of its run folder: mlflow_check.py SERVER RUN_FOLDER STEPS."""

import json
import sys
from pathlib import Path

from mlflow.tracking import MlflowClient

server, folder, steps = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
client = MlflowClient(server)
experiment = client.get_experiment_by_name("brine")
runs = [
    run
    for run in client.search_runs([experiment.experiment_id])
    if run.info.run_name == folder.name
]
assert len(runs) == 1, f"{len(runs)} runs named {folder.name}"
run = runs[0]
assert run.info.status == "FINISHED", run.info.status
assert run.data.params["data.row"] == "128", run.data.params

lines = [json.loads(line) for line in (folder / "metrics" / "student-0.jsonl").read_text().splitlines()]
for event, key in [("step", "train/loss"), ("evaluation", "validation/loss")]:
    expected = {line["step"]: line["loss"] for line in lines if line["event"] == event}
    found = {metric.step: metric.value for metric in client.get_metric_history(run.info.run_id, key)}
    assert found == expected, (key, found, expected)
assert max(found) == steps, found
print(f"{folder.name}: {len(run.data.metrics)} metrics, {len(run.data.params)} parameters, last step {max(found)}")
