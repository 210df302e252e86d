#!/usr/bin/env python3
"""The gallery: copies the figures that `make paper` left in results/ to results/gallery/ and writes its page from the
stores: for each config its lesson, the command, the pictures, what was claimed and what was found.

    packaging/gallery.py PROGRAM CONFIG…
"""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

GALLERY = "results/gallery"
LIMIT = 300_000
# The order in which the paper tells it; what is not named here comes last, by its name.
ORDER = ["introduction", "basic", "phase", "loss_surface", "uniform", "pentagon", "perturbed", "correlated",
         "anticorrelated", "three_pairs", "principal", "local", "energy", "octahedron", "adversarial", "privileged",
         "hidden_bias", "absolute", "computation", "asymmetric", "price"]
MARKS = {"held": "✓ held", "not held": "✗ not held", "known": "○ not held, and known why", "skipped": "– skipped"}


def place(config):
    name = name_of(config)
    return next((i for i, start in enumerate(ORDER) if name.startswith(start)), len(ORDER)), name


def name_of(config):
    return os.path.splitext(os.path.basename(config))[0]


def lesson_of(config):
    """The comment that a config opens with, as one line."""
    lines = []
    with open(config, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                break
            lines.append(line.lstrip("# ").rstrip())
    return " ".join(lines)


def cell(text):
    return (text or "").replace("|", "\\|").replace("\n", " ")


def expected_of(program, config):
    """Seconds of one processor that the program expects its training loops, and nothing else, to take."""
    printed = subprocess.run([program, "check", "--json", config], check=True, capture_output=True).stdout
    return json.loads(printed)["expected_train_cpu_s"]


def copy_figures(name):
    """The gallery's pictures of this config, without their endings, in the order of their names."""
    folder, pictures = f"results/{name}", []
    for file in sorted(os.listdir(folder)):
        stem, ending = os.path.splitext(file)
        if ending not in (".svg", ".png"):
            continue
        size = os.path.getsize(f"{folder}/{file}")
        if size > LIMIT:
            sys.exit(f"gallery: {folder}/{file} has {size} bytes, more than {LIMIT}")
        to = name if stem == name else f"{name}-{stem}"
        shutil.copyfile(f"{folder}/{file}", f"{GALLERY}/{to}{ending}")
        if to not in pictures:
            pictures.append(to)
    return pictures


def section(config):
    name = name_of(config)
    store = sqlite3.connect(f"file:results/{name}.db?mode=ro", uri=True)
    title = store.execute("SELECT value FROM fact WHERE key = 'title'").fetchone()
    runs, cpu = store.execute("SELECT count(*), sum(cpu_s) FROM run WHERE number IS NOT NULL").fetchone()
    claims = store.execute("SELECT text, found, state, source, known FROM claim ORDER BY position").fetchall()
    lines = [f"## {title[0] if title else name}", "", lesson_of(config), "", "```sh",
             f"superpose run {config}    # {runs:,} runs, {cpu:.0f} s of one processor", "```", ""]
    for picture in copy_figures(name):
        lines += [f"[![{title[0] if title else name}]({picture}.png)]({picture}.svg)", ""]
    if claims:
        lines += ["| | claim | found | source |", "|---|---|---|---|"]
    for text, found, state, source, known in claims:
        why = f" ({known})" if known and state == "known" else ""
        lines.append(f"| {MARKS[state]} | {cell(text)} | {cell(found + why)} | {cell(source)} |")
    return lines + [""], [claim[2] for claim in claims], (name, runs, cpu)


def main(program, configs):
    os.makedirs(GALLERY, exist_ok=True)
    body, states, table = [], [], ["| config | runs | expected s | took s |", "|---|---|---|---|"]
    total = [0, 0.0, 0.0]
    for config in sorted(configs, key=place):
        if not os.path.exists(f"results/{name_of(config)}.db"):
            sys.exit(f"gallery: results/{name_of(config)}.db is not there: `make paper` first")
        lines, found, (name, runs, cpu) = section(config)
        expected = expected_of(program, config)
        body += lines
        states += found
        total = [total[0] + runs, total[1] + expected, total[2] + cpu]
        table.append(f"| `{name}` | {runs:,} | {expected:.1f} | {cpu:.1f} |")
    table.append(f"| all | {total[0]:,} | {total[1]:.0f} | {total[2]:.0f} |")
    head = ["# Every figure of “Toy Models of Superposition”", "",
            "Written by `make gallery` from what `make paper` trained and stored: the pictures, the claims, and what was "
            "found. A picture links to its SVG.", "",
            f"{states.count('held')} of {len(states)} claims hold, {states.count('known')} do not and say why, "
            f"{states.count('not held')} do not.", ""]
    tail = ["## What it takes", "",
            "Seconds of one processor in the training loops: what is expected (`expected_train_cpu_s` of `superpose check "
            "--json`), and what it took where these figures were made. Measuring, which may take longer, is in neither. "
            "Runs are spread over all processors.", ""] + table
    with open(f"{GALLERY}/README.md", "w", encoding="utf-8") as file:
        file.write(re.sub(r"\n{3,}", "\n\n", "\n".join(head + body + tail)).rstrip() + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
