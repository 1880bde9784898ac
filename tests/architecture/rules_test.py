#!/usr/bin/env python3
"""Tests of the checks in this folder: each rule is broken once in a scratch tree and must be seen."""
import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path

import docs_commands
import docs_links
import include_rules
import reference_audit
import source_rules


class ScratchTree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


class IncludeRules(ScratchTree):
    def setUp(self):
        super().setUp()
        for name in ["include/kubomag/a.hpp", "kernels/terms.hpp", "kernels/exchange.hpp",
                     "src/khat/k.hpp", "src/setup/s.hpp", "src/backend/b.hpp", "src/solver/s.hpp",
                     "src/io/i.hpp", "src/cli/c.hpp", "tests/support/t.hpp", "kernels/d.cuh"]:
            self.write(name, "#pragma once\n")

    def problems(self, name, include):
        self.write(name, f"// first line\n#include {include}\n")
        return include_rules.check(self.root)[0]

    def test_wrong_ways_are_seen(self):
        wrong = [
            ("include/kubomag/x.hpp", '"kernels/exchange.hpp"'),
            ("include/kubomag/x.hpp", "<Eigen/Dense>"),
            ("include/kubomag/x.hpp", "<fftw3.h>"),
            ("kernels/x.hpp", '"backend/b.hpp"'),
            ("kernels/x.hpp", "<cuda_runtime.h>"),
            ("src/khat/x.cpp", '"setup/s.hpp"'),
            ("src/setup/x.cpp", '"backend/b.hpp"'),
            ("src/backend/x.cpp", '"kernels/exchange.hpp"'),
            ("src/solver/x.cpp", '"io/i.hpp"'),
            ("src/solver/x.cpp", "<cuda_runtime.h>"),
            ("src/io/x.cpp", '"kernels/exchange.hpp"'),
            ("src/io/x.cpp", '"solver/s.hpp"'),
            ("src/io/x.cpp", "<fftw3.h>"),
            ("src/cli/x.cpp", '"support/t.hpp"'),
            ("src/cli/x.cpp", '"nowhere.hpp"'),
            ("src/solver/x.cpp", '"kernels/d.cuh"'),
        ]
        for name, include in wrong:
            with self.subTest(name=name, include=include):
                found = self.problems(name, include)
                self.assertEqual(len(found), 1, found)
                self.assertIn(f"{name}:2: includes {include[1:-1]}", found[0])
                (self.root / name).unlink()

    def test_right_ways_pass(self):
        right = [
            ("kernels/x.hpp", '"kubomag/a.hpp"'),
            ("kernels/x.hpp", "<cmath>"),
            ("kernels/erfcx.hpp", "<cerf.h>"),
            ("src/solver/x.cpp", '"kernels/exchange.hpp"'),
            ("src/solver/y.cpp", '"backend/b.hpp"'),
            ("kernels/x.cu", '"solver/s.hpp"'),
            ("kernels/y.cu", '"kernels/d.cuh"'),
            ("kernels/z.cu", "<cuda_runtime.h>"),
            ("src/io/x.cpp", '"kernels/terms.hpp"'),
            ("src/io/y.cpp", '"khat/k.hpp"'),
            ("src/cli/x.cpp", '"solver/s.hpp"'),
            ("tests/unit/x_test.cpp", '"support/t.hpp"'),
        ]
        for name, include in right:
            self.assertEqual(self.problems(name, include), [], f"{name} {include}")


    def test_a_source_includes_its_own_header_first(self):
        self.write("src/io/i.cpp", '#include <vector>\n#include "io/i.hpp"\n')
        self.assertEqual(include_rules.check(self.root)[0],
                         ["src/io/i.cpp:1: includes vector before its own header"])
        self.write("src/io/i.cpp", "int i;\n")
        self.assertEqual(include_rules.check(self.root)[0],
                         ["src/io/i.cpp:1: does not include i.hpp"])
        self.write("src/io/i.cpp", '// Why.\n#include "io/i.hpp"\n\n#include <vector>\n')
        self.assertEqual(include_rules.check(self.root)[0], [])


class SourceRules(ScratchTree):
    def problems(self, name, text):
        self.write(name, text)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            found = source_rules.check(self.root)[0]
        return found, out.getvalue()

    def test_each_rule(self):
        cases = {
            "// TO" "DO later\n": "unfinished",
            'auto p = "/ho' 'me/somebody/x";\n': "path of one machine",
            "int a; \n": "end of the line",
            "int a;\r\n": "end of the line",
            "int a;": "newline",
            "int a;\n\n": "newline",
            "int a;\n" * 501: "501 lines",
        }
        for text, expected in cases.items():
            with self.subTest(expected=expected):
                found, _ = self.problems("src/io/x.cpp", text)
                self.assertEqual(len(found), 1, found)
                self.assertIn(expected, found[0])

    def test_good_file_passes_and_long_one_is_warned_about(self):
        self.assertEqual(self.problems("src/io/x.cpp", "int a;\n" * 400), ([], ""))
        found, said = self.problems("src/io/x.cpp", "int a;\n" * 401)
        self.assertEqual(found, [])
        self.assertIn("401 lines", said)


class DocsLinks(ScratchTree):
    def test_only_dead_links_of_the_project_are_reported(self):
        self.write("docs/there.md", "text\n")
        page = self.write("docs/page.md", "[a](there.md#part) [b](https://nowhere.invalid/x)\n"
                          "```\n[c](code.md)\n```\n`[d](code.md)` ![e](gone.png)\n")
        self.assertEqual(list(docs_links.dead_links(self.root, page)),
                         ["docs/page.md: links to gone.png, which is not there"])


class ReferenceAudit(ScratchTree):
    def faults(self, rows, test="TEST(Suite, Case) { entry }"):
        for name in ["reference-ti.json", "reference-local.json"]:
            self.write("tests/data/" + name, "{}")
        self.write("tests/data/reference-ti.json",
                   '{"meta": {}, "entry": {"note": "", "a": 1, "b": 2}}')
        self.write("tests/physics/some_test.cpp", test + "\n")
        self.write("docs/validation.md",
                   "### reference-ti.json\n\n| entry | test |\n|---|---|\n" + rows
                   + "\n### reference-local.json\n")
        return list(reference_audit.faults(self.root))

    def test_every_part_of_an_entry_needs_a_row(self):
        self.assertEqual(self.faults("| `entry` | `Suite.Case` | 1 |\n"), [])
        self.assertEqual(self.faults("| `entry.*` | `Suite.Case` | 1 |\n"), [])
        self.assertIn("entry.b is in no row", self.faults("| `entry.a` | `Suite.Case` | 1 |\n")[0])

    def test_rows_name_entries_and_tests_that_exist(self):
        self.assertIn("no entry other",
                      self.faults("| `entry`, `other` | `Suite.Case` | 1 |\n")[0])
        self.assertIn("no test Suite.Gone", self.faults("| `entry` | `Suite.Gone` | 1 |\n")[0])
        self.assertIn("no test of its row names entry",
                      self.faults("| `entry` | `Suite.Case` | 1 |\n", "TEST(Suite, Case) {}")[0])


class DocsCommands(ScratchTree):
    def failures(self, text):
        document = self.write("docs/page.md", text)
        return docs_commands.check_document(document, self.root, dict(os.environ))

    def test_blocks_run_in_order_in_one_folder(self):
        self.write("examples/a.toml", "title = 1\n")
        text = ("<!-- file b.txt -->\n```\nhello\n```\n"
                "<!-- run -->\n```sh\ngrep hello b.txt >c.txt\nls examples/a.toml\n```\n"
                "<!-- run -->\n```sh\ntest -s c.txt\n```\n"
                "```sh\nfalse\n```\n")
        self.assertEqual(self.failures(text), (3, []))

    def test_a_failing_command_is_reported_with_its_place(self):
        count, failures = self.failures("text\n<!-- run -->\n```sh\nfalse\ntrue\n```\n")
        self.assertEqual(count, 1)
        self.assertIn("docs/page.md:2: run: exit status 1", failures[0])

    def test_markers_that_do_nothing_are_errors(self):
        for text in ["<!-- run -->\n\n```sh\ntrue\n```\n", "<!-- run -->\n```toml\na=1\n```\n",
                     "<!-- file -->\n```\na\n```\n", "<!-- run -->\n```sh\ntrue\n"]:
            self.assertEqual(len(self.failures(text)[1]), 1, text)

    def test_a_configuration_is_handed_to_kubomag_check(self):
        program = self.write("bin/kubomag", "#!/bin/sh\ntest \"$1\" = check && grep good \"$2\"\n")
        program.chmod(0o755)
        environment = dict(os.environ, PATH=f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        for word, failed in [("good", 0), ("bad", 1)]:
            document = self.write("docs/page.md", f"<!-- check -->\n```toml\n{word} = 1\n```\n")
            failures = docs_commands.check_document(document, self.root, environment)[1]
            self.assertEqual(len(failures), failed)


if __name__ == "__main__":
    unittest.main()
