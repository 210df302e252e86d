#!/usr/bin/env python3
"""The tables of README's speed section from what `make bench` and `make bench-peers` left: build/bench/*.csv.

    make bench bench-peers && make bench-tables        prints them, ready to paste
"""
import csv
import os
import sys

FOLDER = sys.argv[1] if len(sys.argv) > 1 else "build/bench"
WHAT = {"A": "5 → 2, ten densities", "B": "20 → 5, eight densities", "C": "80 → 20, eight densities",
        "D0": "400 → 30, p = 1", "D1": "400 → 30, p = 0.1", "D2": "400 → 30, p = 0.01", "D3": "400 → 30, p = 0.001",
        "E": "2 → 1, 50 x 50 models", "F0": "100 → 40, absolute value, p = 1", "F1": "… p = 0.1", "F2": "… p = 0.01",
        "G": "10000 → 1000, p = 0.001"}


def rows_of(name):
    path = os.path.join(FOLDER, name)
    if not os.path.exists(path):
        sys.exit("%s is not there: `make bench bench-peers` makes it" % path)
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def significant(value, digits=3):
    """1234 -> 1230, 0.01868 -> 0.0187."""
    text = "%.*g" % (digits, float(value))
    return "%d" % float(text) if "e" in text else text


def times(value):
    return "x%s" % significant(value, 2) if value else ""


def table(heads, rows):
    print("| " + " | ".join(heads) + " |")
    print("|---" * len(heads) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def peers_table():
    rows = rows_of("peers.csv")
    print("%(date)s, %(processor)s, one thread, superpose %(version)s; %(peers)s; `make bench-peers`\n" % rows[0])
    table(["", "n → m", "ms a step", "notebook loop", "fastest NumPy or PyTorch"],
          [[row["workload"], WHAT.get(row["workload"], ""), significant(row["superpose_ms"]),
            "%s ms, **%s**" % (significant(row["notebook_ms"]), times(row["to_notebook"])),
            "%s ms (%s), **%s**" % (significant(min(float(row["numpy_ms"]), float(row["torch_ms"]))),
                                    {"numpy": "NumPy", "torch": "PyTorch"}[row["fastest"]], times(row["to_fastest"]))]
           for row in rows])


def workloads_table():
    rows = rows_of("workloads.csv")
    print("%s, %s, %s, superpose %s, multiply-add peak %.0f GFLOP/s a core; `make bench`\n"
          % (*(rows[0][name] for name in ("date", "processor", "isa", "version")), float(rows[0]["peak_gflops"])))
    table(["", "ms a step", "expected", "million samples/s", "GFLOP/s", "of peak", "of limit", "2 threads", "MiB"],
          [[row["workload"], significant(row["ms_per_step"]), significant(row["expected_ms"]),
            significant(float(row["samples_per_s"]) / 1e6, 2), significant(row["dense_gflops"], 3),
            significant(row["share_of_peak"], 2), significant(row["share_of_limit"], 2),
            times(row["speedup_of_threads"]), significant(row["max_mib"], 2 if float(row["max_mib"]) < 100 else 3)]
           for row in rows])


def cost_line():
    for name, what in (("fitted", "The rates were fitted to %d rows of sizes, batches, kinds and optimizers"),
                       ("drawn", "On %d others, drawn at random after that")):
        ratios = sorted(max(float(row["ratio"]), 1 / float(row["ratio"]))
                        for row in rows_of("cost.csv") if row["rows"] == name)
        print("%s: %d are within 1.5, the median factor is %.2f, the worst %.2f."
              % (what % len(ratios), sum(ratio <= 1.5 for ratio in ratios), ratios[len(ratios) // 2], ratios[-1]))


if __name__ == "__main__":
    peers_table()
    workloads_table()
    cost_line()
