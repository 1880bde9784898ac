#!/usr/bin/env python3
"""Checks that the files which README.md, CONTRIBUTING.md and docs/ link to exist.

Usage: docs_links.py [ROOT]. Prints one line per dead link; exits 1 if there is any. Addresses on
the web are not visited.
"""
import re
import sys
from pathlib import Path

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def dead_links(root, document):
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    for target in LINK.findall(re.sub(r"`[^`]*`", "", text)):
        if "://" not in target and not (document.parent / target).exists():
            yield f"{document.relative_to(root).as_posix()}: links to {target}, which is not there"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()
    documents = [*sorted(root.glob("*.md")), *sorted(root.glob("docs/**/*.md"))]
    problems = [problem for document in documents for problem in dead_links(root, document)]
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"docs links: {len(documents)} documents, {len(problems)} dead links")
    return 1 if problems or not documents else 0


if __name__ == "__main__":
    sys.exit(main())
