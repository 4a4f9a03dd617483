"""Writes test/golden/evaluation/reference.json: what EleutherAI's lm-evaluation-harness computes for the questions beside it.

Run it by hand (needs lm_eval[hf]); the tests read the file and need no Python:
    python scripts/golden/evaluation_reference.py
Made with lm_eval 0.4.13, transformers 5.24 and torch 2.15, in float32 on the CPU. The tasks are those of the harness. Only
their data sets are replaced, by the local files in the form of the Hugging Face hub.
"""

import json
import os
import pathlib
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"

import lm_eval
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "test" / "golden" / "evaluation"
HARNESS = pathlib.Path(lm_eval.__file__).parent / "tasks"
TASKS = {
    "lambada": HARNESS / "lambada" / "lambada_openai.yaml",
    "hellaswag": HARNESS / "hellaswag" / "hellaswag.yaml",
    "arc": HARNESS / "arc" / "arc_easy.yaml",
    "piqa": HARNESS / "piqa" / "piqa.yaml",
}
# Each with the number of positions that the model sees. The last two truncate contexts.
RUNS = [
    {"shots": 0, "context": 160},
    {"shots": 2, "context": 160},
    {"shots": 0, "context": 40},
    {"shots": 3, "context": 64},
]


def records(name):
    """Returns the records of a file in the form of the hub."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    labels = FOLDER / f"{name}-labels.lst"
    found = [json.loads(line) for line in lines]
    if labels.exists():
        for record, label in zip(found, labels.read_text().split(), strict=True):
            record["label"] = int(label)
    for record in found:
        if isinstance(record.get("question"), dict):
            choices = record["question"]["choices"]
            record["choices"] = {key: [choice[key] for choice in choices] for key in ("text", "label")}
            record["question"] = record["question"]["stem"]
        if "endings" in record:
            record["label"] = str(record["label"])
    return found


def write_tasks(folder):
    """Writes a task of each kind that reads the local files, and returns their names."""
    for task, base in TASKS.items():
        for split, name in (("test", task), ("shots", f"{task}-shots")):
            rows = [json.dumps(record) for record in records(name)]
            (folder / f"{name}.jsonl").write_text("\n".join(rows) + "\n")
        config = {
            "include": str(base),
            "task": f"local_{task}",
            "tag": [],
            "dataset_path": "json",
            "dataset_name": None,
            "dataset_kwargs": {
                "data_files": {
                    "test": str(folder / f"{task}.jsonl"),
                    "shots": str(folder / f"{task}-shots.jsonl"),
                },
                "cache_dir": str(folder / "cache"),
            },
            "training_split": None,
            "validation_split": None,
            "test_split": "test",
            "fewshot_split": "shots",
            "fewshot_config": {"sampler": "first_n", "split": "shots"},
        }
        if task != "lambada":
            metrics = ("acc", "acc_norm", "acc_bytes")
            config["metric_list"] = [
                {"metric": name, "aggregation": "mean", "higher_is_better": True} for name in metrics
            ]
        (folder / f"local_{task}.yaml").write_text(json.dumps(config))  # JSON is YAML
    return [f"local_{task}" for task in TASKS]


def evaluate(names, manager, shots, context):
    model = HFLM(
        pretrained=str(FOLDER / "model"),
        device="cpu",
        dtype="float32",
        batch_size=4,
        max_length=context,
    )
    found = lm_eval.simple_evaluate(
        model=model, tasks=names, num_fewshot=shots, task_manager=manager, bootstrap_iters=0
    )
    tasks = {}
    for name in names:
        samples = sorted(found["samples"][name], key=lambda sample: sample["doc_id"])
        metrics = {
            key.removesuffix(",none"): value
            for key, value in found["results"][name].items()
            if key.endswith(",none") and "stderr" not in key
        }
        responses = [[[float(value), str(greedy) == "True"] for value, greedy in sample["filtered_resps"]] for sample in samples]
        tasks[name.removeprefix("local_")] = {"metrics": metrics, "likelihoods": responses}
    return {"shots": shots, "context": context, "tasks": tasks}


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        names = write_tasks(folder)
        manager = TaskManager(include_path=name, include_defaults=False)
        runs = [evaluate(names, manager, **run) for run in RUNS]
    (FOLDER / "reference.json").write_text(json.dumps(runs, indent=1) + "\n")


main()
