#!/usr/bin/env python3
"""Sizes and words of the house: files and functions stay short, files open with their idea, headers document.

A file under sim/ or render/ has at most 400 lines (a kernel 500) and opens with a comment, unless it is the x.c of an
x.h, which tells the idea; a function has at most 60 lines; every function that a header declares stands under a
docstring (a group without a blank line shares one); a header's guard is its path. Definitions and declarations are
found by the layout that .clang-format gives them.
"""
import pathlib
import re
import sys

MAX_LINES, MAX_KERNEL_LINES, MAX_FUNCTION, MAX_WIDTH = 400, 500, 60, 100


def functions(lines):
    """(name, first line from 1, length) of each function: from a line at column 0 to its closing brace there."""
    start = None
    for number, line in enumerate(lines, 1):
        if re.match(r"[A-Za-z_][^=;]*\(", line) and not line.rstrip().endswith(";"):
            start = start or number
        elif line.startswith("}"):
            if start:
                name = re.search(r"(\w+)\s*\(", lines[start - 1])
                yield name[1], start, number - start + 1
            start = None
        elif start and line.endswith(";") and not line.startswith((" ", "{")):
            start = None


def declarations(lines):
    """(name, line from 1) of each function a header declares."""
    for number, line in enumerate(lines, 1):
        match = re.match(r"(?!typedef|static|#|extern \w+ \w+;)[A-Za-z_][\w\s\*]*?\b(\w+)\(", line)
        if match:
            yield match[1], number


def is_documented(lines, number):
    """Whether a comment ends just above the declaration, or above the group it belongs to."""
    for line in reversed(lines[: number - 1]):
        if not line.strip() or line.startswith("#"):
            return False
        if line.rstrip().endswith("*/"):
            return True
    return False


def problems_of(path, text, has_header):
    lines = text.splitlines()
    limit = MAX_KERNEL_LINES if path.startswith("sim/model/kernel/") else MAX_LINES
    if path.endswith(".c") and len(lines) > limit:
        yield 1, f"{len(lines)} lines; {limit} is the limit"
    if not has_header and not re.search(r"^/\*", "\n".join(lines[:3]), re.M):
        yield 1, "the file does not open with its idea"
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_WIDTH:
            yield number, f"{len(line)} columns; {MAX_WIDTH} is the limit"
    for name, number, length in functions(lines):
        if length > MAX_FUNCTION:
            yield number, f"{name} has {length} lines; {MAX_FUNCTION} is the limit"
    if not path.endswith(".h"):
        return
    guard = "SUPERPOSE_" + re.sub(r"\W", "_", path.removeprefix("sim/")).upper()
    if f"#ifndef {guard}\n#define {guard}\n" not in text:
        yield 1, f"the guard is not {guard}"
    for name, number in declarations(lines):
        if not is_documented(lines, number):
            yield number, f"{name} has no docstring"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    files = sorted(f for house in ("sim", "render") for f in (root / house).rglob("*.[ch]"))
    n_functions, problems = 0, []
    for file in files:
        path, text = file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")
        n_functions += len(list(functions(text.splitlines())))
        has_header = path.endswith(".c") and file.with_suffix(".h").is_file()
        problems += [f"{path}:{number}: {what}" for number, what in problems_of(path, text, has_header)]
    print("\n".join(problems) if problems else f"structure: {len(files)} files, {n_functions} functions")
    sys.exit(bool(problems) or not n_functions)


main()
