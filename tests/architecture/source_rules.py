#!/usr/bin/env python3
"""Checks what holds for every text file: length, line ends, nothing unfinished, no machine paths.

Usage: source_rules.py [ROOT]. Prints one line per problem; exits 1 if there is any. Files over
400 lines are warned about, over 500 they fail.
"""
import re
import sys
from pathlib import Path

FOLDERS = ["include", "kernels", "src", "tests", "benchmarks", "scripts", "python", "examples",
           "docs", "cmake", ".ci"]
GENERATED = ("tests/data/", "benchmarks/results/", "docs/images/")
CODE = {".hpp", ".cpp", ".cc", ".cu", ".cuh", ".h", ".py"}
TEXT = CODE | {".md", ".txt", ".cmake", ".toml", ".json", ".yaml", ".yml", ".cff", ""}
WARN_LINES, FAIL_LINES = 400, 500

# The words are put together so that this file passes its own check.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w./])/(home|root|Users|mnt|media|scratch|work)/\w")


def text_files(root):
    """Every text file of the project below `root`, generated data left out."""
    found = [path for path in root.iterdir() if path.is_file() and path.name != "LICENSE"]
    for folder in FOLDERS:
        found += (root / folder).rglob("*")
    for path in sorted(found):
        name = path.relative_to(root).as_posix()
        if path.is_file() and path.suffix in TEXT and not name.startswith(GENERATED):
            if "__pycache__" not in name and name != ".git":
                yield name, path


def check_length(name, lines):
    if len(lines) > FAIL_LINES:
        yield f"{name}: {len(lines)} lines (at most {FAIL_LINES}): split it"
    elif len(lines) > WARN_LINES:
        print(f"warning: {name}: {len(lines)} lines (aim below {WARN_LINES})")


def check_lines(name, lines, is_code):
    for number, line in enumerate(lines, 1):
        if is_code and UNFINISHED.search(line):
            yield f"{name}:{number}: unfinished: {line.strip()}"
        if MACHINE_PATH.search(line):
            yield f"{name}:{number}: path of one machine: {line.strip()}"
        if line != line.rstrip():
            yield f"{name}:{number}: blanks or a carriage return at the end of the line"


def check_file(name, path):
    text = path.read_bytes().decode("utf-8")
    lines = text.split("\n")[:-1]
    is_code = path.suffix in CODE or name.startswith("scripts/")
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        yield f"{name}: must end in exactly one newline"
    if is_code:
        yield from check_length(name, lines)
    yield from check_lines(name, lines, is_code)


def check(root):
    """All problems below `root`, and the number of files read."""
    problems, count = [], 0
    for name, path in text_files(root):
        problems += check_file(name, path)
        count += 1
    return problems, count


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()
    problems, count = check(root)
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"source rules: {count} files, {len(problems)} problems")
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
