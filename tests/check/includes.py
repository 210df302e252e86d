#!/usr/bin/env python3
"""Who may include whom: the layers of sim/ and render/, read from the #include lines of the tree.

sim/:     base <- config <- data <- model <- train <- theory <- metric <- instrument <- store <- summary <- experiment
          <- command <- main; a file includes its own folder and folders to its left. Of sim/model/kernel/ only kernel.h is seen
          outside that folder.
render/:  draw <- panel <- model <- figure, scene <- ui, film, runs <- state <- page <- view <- window <- command <- main;
          figure and scene do not know each other, nor ui, film and runs. SDL is render/window/ alone, Cairo and Pango nowhere
          in sim/.
Own headers are spelled from the root: #include "sim/model/model.h".
"""
import pathlib
import re
import sys

SIM = ["base", "config", "data", "model", "train", "theory", "metric", "instrument", "store", "summary", "experiment",
       "command"]

# Folders of render/, and of sim/, that a folder of render/ may include beside itself.
RENDER = {
    "draw": set(),
    "panel": {"draw"},
    "model": {"draw", "panel"},
    "figure": {"draw", "panel", "model"},
    "scene": {"draw", "panel", "model"},
    "ui": {"draw"},
    "film": {"draw"},
    "runs": {"draw", "scene"},
    "state": {"draw", "scene", "ui", "film", "runs"},
    "page": {"draw", "scene", "ui", "film", "runs", "state"},
    "view": {"draw", "film", "state", "page", "ui"},
    "window": {"draw", "ui", "view"},
    "command": {"draw", "figure", "scene", "view", "window"},
    "main": {"figure", "scene", "command"},
}
SIM_OF_RENDER = {
    "draw": {"base"},
    "panel": {"base"},
    "model": {"base", "config", "data", "model", "theory", "metric"},
    "figure": set(SIM) - {"train", "instrument", "experiment", "command"},
    "scene": {"base", "config", "data", "model", "theory", "metric"},
    "ui": {"base"},
    "film": {"base"},
    "runs": set(SIM) - {"command"},
    "state": {"base", "config", "data", "model", "theory", "metric", "train", "experiment"},
    "page": {"base", "config", "data", "model", "experiment"},
    "view": {"base", "experiment"},
    "window": {"base"},
    "command": set(SIM) - {"command"},
    "main": set(SIM) - {"command"},
}
DRAWING = re.compile(r"^(SDL|cairo|pango|glib)")


def room(path):
    """("sim", "model") of "sim/model/model.h"; ("sim", "main") of "sim/main.c"."""
    parts = path.split("/")
    return parts[0], parts[1] if len(parts) > 2 else "main"


def why_not(path, target):
    """Why the file may not include the target (both spelled from the root), or None."""
    house, here = room(path)
    other, there = room(target)
    if other not in ("sim", "render"):
        return "own headers are spelled from the root: sim/… or render/…"
    if target.startswith("sim/model/kernel/") and target != "sim/model/kernel/kernel.h":
        if not path.startswith("sim/model/kernel/"):
            return "only sim/model/kernel/kernel.h is seen outside the kernels"
    if house == "sim" and other == "render":
        return "sim/ does not know render/"
    if house == other and here == there:
        return None
    if house == "sim":
        if there not in SIM or (here != "main" and SIM.index(here) < SIM.index(there)):
            return f"sim/{here} may not include sim/{there}"
    elif there not in (SIM_OF_RENDER if other == "sim" else RENDER)[here]:
        return f"render/{here} may not include {other}/{there}"
    return None


def problems_of(root, file):
    path = file.relative_to(root).as_posix()
    house, here = room(path)
    if (house == "sim" and here not in SIM + ["main"]) or (house == "render" and here not in RENDER):
        yield f"{path}:1: {house}/{here} is not a room of the house"
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        own = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        foreign = re.match(r"\s*#\s*include\s*<([^>]+)>", line)
        reason = None
        if own:
            reason = why_not(path, own[1])
            if not reason and not (root / own[1]).is_file():
                reason = "there is no such file"
        elif foreign and DRAWING.match(foreign[1]):
            if house == "sim":
                reason = "sim/ does not draw"
            elif foreign[1].startswith("SDL") and here != "window":
                reason = "only render/window/ speaks SDL"
        if reason:
            yield f"{path}:{number}: {line.strip()}: {reason}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    files = sorted(f for house in ("sim", "render") for f in (root / house).rglob("*.[ch]"))
    problems = [p for file in files for p in problems_of(root, file)]
    print("\n".join(problems) if problems else f"includes: {len(files)} files keep the order")
    sys.exit(bool(problems) or not files)


main()
