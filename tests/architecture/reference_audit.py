#!/usr/bin/env python3
"""Every reference number has a test: docs/validation.md, "Reference numbers", lists each entry of
tests/data/reference-ti.json and reference-local.json with tests that exist and that name it, and
with what they achieve (ReferenceEntry of tests/support/reference_entry.hpp)."""
import json
import pathlib
import re
import sys

NOT_NUMBERS = {"meta", "_about"}
NOTES = {"note", "units", "eq", "hx"}  # beside the numbers of an entry


def entries(data):
    """The entries of a file: its keys, or key.sub where an entry has named parts."""
    for key, value in data.items():
        if key in NOT_NUMBERS:
            continue
        yield key, ({f"{key}.{sub}" for sub in value if sub not in NOTES}
                    if isinstance(value, dict) else {key})


def table(page, title):
    """(entries, tests, achieved) of the rows below `### title`."""
    section = page.split(f"### {title}\n", 1)
    if len(section) < 2:
        return []
    rows = []
    for line in section[1].split("\n#", 1)[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) > 2 and cells[0].startswith("`"):
            rows.append((*(re.findall(r"`([^`]+)`", cell) for cell in cells[:2]), cells[-1]))
    return rows


def test_sources(root):
    """The text of the file of every test, by Suite.Case."""
    sources = {}
    for path in sorted((root / "tests").glob("*/*_test.cpp")):
        text = path.read_text()
        for suite, case in re.findall(r"^TEST(?:_[FP])?\((\w+),\s*(\w+)\)", text, re.M):
            sources[f"{suite}.{case}"] = text
    return sources


def matches(pattern, name):
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name) is not None


def faults(root):
    page = (root / "docs/validation.md").read_text()
    sources = test_sources(root)
    for file in ["reference-ti.json", "reference-local.json"]:
        rows = table(page, file)
        data = json.loads((root / "tests/data" / file).read_text())
        listed = [pattern for patterns, _, _ in rows for pattern in patterns]
        names = set()
        for key, parts in entries(data):
            names |= parts | {key}
            for part in sorted(parts):
                if not any(matches(pattern, part) or pattern == key for pattern in listed):
                    yield f"{file}: {part} is in no row of docs/validation.md"
        for pattern in listed:
            if not any(matches(pattern, name) for name in names):
                yield f"docs/validation.md: {file} has no entry {pattern}"
        for patterns, tests, achieved in rows:
            if not re.match(r"[0-9]", achieved):
                yield f"docs/validation.md: no test records what it achieves for {patterns[0]}"
            if not tests:
                yield f"docs/validation.md: {patterns[0]} has no test"
            for test in tests:
                if test not in sources:
                    yield f"docs/validation.md: there is no test {test}"
            keys = {pattern.split(".")[0] for pattern in patterns}
            for key in keys:
                if not any(key in sources.get(test, "") for test in tests):
                    yield f"docs/validation.md: no test of its row names {key}"


if __name__ == "__main__":
    found = list(faults(pathlib.Path(__file__).resolve().parents[2]))
    print("\n".join(found) or "every reference number has a test")
    sys.exit(bool(found))
