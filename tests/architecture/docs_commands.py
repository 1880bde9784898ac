#!/usr/bin/env python3
"""Runs the commands and checks the configurations that README.md and docs/*.md show.

Usage: docs_commands.py BIN [ROOT] with BIN the folder of the kubomag program. A marker on the
line above a fenced block says what to do with it:

    <!-- run -->         ```sh    run by bash, must succeed
    <!-- check -->       ```toml  `kubomag check` must accept it
    <!-- file NAME -->   any      written to NAME for the blocks that follow

The blocks of one document share a scratch folder that holds a copy of examples/. Exits 77 (skip)
while the program has not been built.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIP = 77
LIMIT_SECONDS = 600
MARKER = re.compile(r"^<!--\s*(run|check|file)\b\s*(\S*)\s*-->\s*$")
FENCE = re.compile(r"^```(\w*)\s*$")
LANGUAGE = {"run": "sh", "check": "toml"}


class DocumentError(Exception):
    pass


def marked_blocks(name, text):
    """(line number, action, argument, content) of each marked block of a document."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        marker = MARKER.match(line)
        if not marker:
            continue
        place, action = f"{name}:{index + 1}", marker[1]
        fence = FENCE.match(lines[index + 1]) if index + 1 < len(lines) else None
        if not fence or fence[1] != LANGUAGE.get(action, fence[1]):
            raise DocumentError(f"{place}: '{action}' needs a fenced block on the next line"
                                + (f", of {LANGUAGE[action]}" if action in LANGUAGE else ""))
        if bool(marker[2]) != (action == "file"):
            raise DocumentError(f"{place}: a file name belongs to 'file', and only to it")
        try:
            end = lines.index("```", index + 2)
        except ValueError:
            raise DocumentError(f"{place}: the block is never closed") from None
        yield index + 1, action, marker[2], "\n".join(lines[index + 2:end]) + "\n"


def perform(action, argument, content, scratch, environment):
    """Does what a marker asks for; returns what went wrong, empty if nothing did."""
    if action == "file":
        (scratch / argument).write_text(content, encoding="utf-8")
        return ""
    if action == "run":
        command = ["bash", "-euo", "pipefail", "-c", content]
    else:
        (scratch / "checked.toml").write_text(content, encoding="utf-8")
        command = ["kubomag", "check", "checked.toml"]
    try:
        done = subprocess.run(command, cwd=scratch, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=LIMIT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"took longer than {LIMIT_SECONDS} s"
    return "" if done.returncode == 0 else f"exit status {done.returncode}\n{done.stdout}"


def check_document(document, root, environment):
    """Performs all blocks of one document; returns their number and the list of failures."""
    name, failures, count = document.relative_to(root).as_posix(), [], 0
    with tempfile.TemporaryDirectory(prefix="kubomag-docs-") as folder:
        scratch = Path(folder)
        if (root / "examples").is_dir():
            shutil.copytree(root / "examples", scratch / "examples",
                            ignore=shutil.ignore_patterns("*.out"))
        try:
            for line, *block in marked_blocks(name, document.read_text(encoding="utf-8")):
                problem = perform(*block, scratch, environment)
                count += 1
                if problem:
                    failures.append(f"{name}:{line}: {block[0]}: {problem}")
        except DocumentError as error:
            failures.append(str(error))
    return count, failures


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    programs = Path(sys.argv[1]).resolve()
    root = Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parents[2]).resolve()
    if not (programs / "kubomag").is_file():
        print(f"docs commands: skipped, there is no {programs / 'kubomag'} yet")
        return SKIP
    environment = dict(os.environ, PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")
    documents = [root / "README.md", root / "CONTRIBUTING.md", *sorted(root.glob("docs/**/*.md"))]
    total, failures = 0, []
    for document in filter(Path.is_file, documents):
        count, found = check_document(document, root, environment)
        total += count
        failures += found
    print(*failures, sep="\n", end="\n" if failures else "")
    print(f"docs commands: {total} blocks, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
