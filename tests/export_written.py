"""Reads the files that tests/test_export.c exported and compares them with the closed forms it
stored. Arguments: the check, the folder."""
import csv
import json
import math
import sys

import numpy as np

check, folder = sys.argv[1:]
nan = math.nan
LABELS = ["digon", 'two, "quoted"', "Fünfeck"]
KINDS = ["linear", 'two, "quoted"']


def W(run, step, n=5):
    return (run * 100 + step * 10 + np.arange(2 * n).reshape(n, 2)) / 8


def b(run, step, n=5):
    return (-run * 100 - step * 10 - np.arange(n)) / 8


def loss(run, step):
    return ((run * 3) % 7 + 10 - step) / 3


def loss_se(run):
    return nan if run == 3 else 1e-5 * run


def norms(run, step, n=5):
    return [nan if i == 4 else (run * 10 + i + step * 100) / 7 for i in range(n)]


def gram(run, n=5):
    return (run - np.arange(n * n) / 3).reshape(n, n)


def classes(run, n=5):
    return ["" if i == 1 else LABELS[(run + i) % 3] for i in range(n)]


def ragged(run):
    return [run + i / 4 for i in range(run % 3 + 1)]


def only_odd(run):
    return math.inf if run == 5 else 0.1 if run % 2 else nan


def best(run):
    return loss(run, 10) <= loss(run ^ 1, 10) if run % 2 == 0 else loss(run, 10) < loss(run ^ 1, 10)


def same(array, expected, dtype):
    expected = np.array(expected)
    assert array.dtype == dtype, (array.dtype, dtype)
    assert array.shape == expected.shape, (array.shape, expected.shape)
    if dtype.kind in "fc":
        assert np.array_equal(array, expected, equal_nan=True), (array, expected)
    else:
        assert (array == expected).all(), (array, expected)


f4, f8, i8, bool_ = (np.dtype(t) for t in ("<f4", "<f8", "<i8", "?"))


def check_npz(arrays, runs, n=5):
    width = max(len(r) for r in map(ragged, runs))
    text = lambda values: np.array(values).dtype
    kinds = [KINDS[run // 4 % 2] for run in runs]
    geometry = [LABELS[run % 3] for run in runs]
    classed = [classes(run, n) for run in runs]
    same(arrays["W"], [W(run, 10, n) for run in runs], f4)
    same(arrays["b"], [b(run, 10, n) for run in runs], f4)
    same(arrays["data.feature_probability"], [[1, 0.05][run // 2 % 2] for run in runs], f8)
    same(arrays["model.kind"], kinds, text(kinds))
    same(arrays["model.hidden_bias"], [run // 2 % 2 == 1 for run in runs], bool_)
    same(arrays["seed"], [1000 - run for run in runs], i8)
    same(arrays["restart"], [run % 2 for run in runs], i8)
    same(arrays["loss"], [loss(run, 10) for run in runs], f8)
    same(arrays["loss_se"], [loss_se(run) for run in runs], f8)
    same(arrays["feature_norm"], [norms(run, 10, n) for run in runs], f8)
    same(arrays["gram"], [gram(run, n) for run in runs], f8)
    same(arrays["geometry"], geometry, text(geometry))
    same(arrays["class"], classed, text(classed))
    same(arrays["ragged"], [(ragged(run) + [nan] * width)[:width] for run in runs], f8)
    same(arrays["empty"], np.zeros((len(runs), 0, 2)), f8)
    if any(run % 2 for run in runs):
        same(arrays["only_odd"], [only_odd(run) for run in runs], f8)


NAMES = """W b model.kind data.feature_probability model.hidden_bias seed restart best loss loss_se
class empty feature_norm geometry gram only_odd ragged""".split()


def check_snapshots(arrays, runs, n=5):
    same(arrays["step"], [0, 5, 10], i8)
    same(arrays["W_t"], [[W(run, step, n) for step in (0, 5, 10)] for run in runs], f4)
    same(arrays["b_t"], [[b(run, step, n) for step in (0, 5, 10)] for run in runs], f4)
    same(arrays["loss_t"], [[loss(run, step) for step in (0, 5, 10)] for run in runs], f8)
    early = [[nan] * n]
    same(arrays["feature_norm_t"],
         [early + [norms(run, step, n) for step in (5, 10)] for run in runs], f8)


def cell(value):
    return "" if value != value else repr(float(value)).removesuffix(".0")


def head(run):
    return {"model.kind": KINDS[run // 4 % 2], "data.feature_probability": ["1", "0.05"][run // 2 % 2],
            "model.hidden_bias": ["false", "true"][run // 2 % 2], "seed": str(1000 - run),
            "restart": str(run % 2)}


def read_csv(name):
    raw = open(f"{folder}/{name}", "rb").read()
    assert b"\r" not in raw and raw.endswith(b"\n")
    with open(f"{folder}/{name}", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def check_csv():
    rows = read_csv("x.csv")
    assert len(rows) == 8
    for run, row in enumerate(rows):
        expected = head(run) | {
            "best": "true" if best(run) else "false", "loss": cell(loss(run, 10)),
            "loss_se": cell(loss_se(run)), "geometry": LABELS[run % 3],
            "only_odd": cell(only_odd(run))}
        assert list(row) == list(expected), list(row)
        assert row == expected, (row, expected)


def check_long():
    rows = read_csv("long.csv")
    assert len(rows) == 40
    for at, row in enumerate(rows):
        run, i = divmod(at, 5)
        expected = head(run) | {"best": "true" if best(run) else "false", "feature": str(i),
                                "class": classes(run)[i], "feature_norm": cell(norms(run, 10)[i])}
        assert list(row) == list(expected), list(row)
        assert row == expected, (row, expected)


def check_json():
    runs = json.load(open(f"{folder}/x.json", encoding="utf-8"), parse_constant=int)
    null = lambda values: [None if value != value else value for value in values]
    assert len(runs) == 8
    for run, row in enumerate(runs):
        metrics = {"class": classes(run), "empty": [], "feature_norm": null(norms(run, 10)),
                   "geometry": LABELS[run % 3], "gram": gram(run).tolist(), "loss": loss(run, 10),
                   "ragged": ragged(run)}
        if run != 3:
            metrics["loss_se"] = loss_se(run)
        if run % 2:
            metrics["only_odd"] = None if run == 5 else 0.1
        expected = {
            "number": run, "point": run // 2, "axes": {
                "data.feature_probability": [1, 0.05][run // 2 % 2],
                "model.kind": KINDS[run // 4 % 2], "model.hidden_bias": run // 2 % 2 == 1},
            "seed": 1000 - run, "restart": run % 2, "best": best(run), "steps": 10,
            "loss": loss(run, 10), "metrics": metrics}
        assert row == expected, (row, expected)


if check == "npz":
    arrays = np.load(f"{folder}/x.npz")
    assert arrays.files == NAMES, arrays.files
    check_npz(arrays, range(8))
    same(arrays["best"], [best(run) for run in range(8)], bool_)
elif check == "snapshots":
    arrays = np.load(f"{folder}/t.npz")
    assert sorted(arrays.files) == sorted(NAMES + ["step", "W_t", "b_t", "loss_t", "feature_norm_t"])
    check_npz(arrays, range(8))
    check_snapshots(arrays, range(8))
elif check == "whole":
    arrays = np.load(f"{folder}/whole.npz")
    assert sorted(arrays.files) == sorted(NAMES + ["crossing", "crossing_branches", "best_class"])
    check_npz(arrays, range(8))
    same(arrays["crossing"], 0.0127, f8)
    same(arrays["crossing_branches"], [[1, 2.5, nan], [-3, 4, 5]], f8)
    assert arrays["best_class"].tolist() == ["2 digons", "pentagon", "2 digons"]
    whole = json.load(open(f"{folder}/whole.json", encoding="utf-8"))
    assert whole["runs"] == json.load(open(f"{folder}/x.json", encoding="utf-8"))
    assert whole["summaries"] == {"crossing": 0.0127, "crossing_branches": [[1, 2.5, None], [-3, 4, 5]],
                                  "best_class": ["2 digons", "pentagon", "2 digons"]}
elif check == "csv":
    check_csv()
elif check == "long":
    check_long()
elif check == "json":
    check_json()
elif check == "left_out":
    arrays = np.load(f"{folder}/x.npz")
    assert arrays.files == NAMES, arrays.files
    check_npz(arrays, range(2))
elif check == "split":
    for name, runs, n in (("x", [0, 2], 5), ("x-8x2", [1], 8), ("x-6x2", [3], 6)):
        arrays = np.load(f"{folder}/{name}.npz")
        check_npz(arrays, runs, n)
        check_snapshots(arrays, runs, n)
    assert len(read_csv("x.csv")) == 4
    assert [row["feature"] for row in read_csv("long.csv")] == [
        str(i) for n in (5, 8, 5, 6) for i in range(n)]
else:
    sys.exit("unknown check " + check)
