"""Tests of bench/fuzzing.py that measure nothing: what is read of others' output, and what is told to be missing."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import fuzzing
from measurements import Bench
from processes import NotMeasured
from report import Section


class FuzzingTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name)
        self.bench = Bench(Path("mock"), Path("bare"), self.root, self.root, True, self.root)
        self.section = Section("fuzzing", "")

    def write(self, path, text=""):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def test_what_a_command_does_not_say_is_not_measured(self):
        self.assertEqual(fuzzing.said(["sh", "-c", "echo 12/s; echo 13/s >&2"], r"(\d+)/s"), ["12", "13"])
        for command in (["sh", "-c", "echo 12/s; exit 1"], ["sh", "-c", "echo nothing"]):
            with self.subTest(command), self.assertRaisesRegex(NotMeasured, "ended with"):
                fuzzing.said(command, r"(\d+)/s")

    def test_each_target_has_a_rate_or_is_told(self):
        for name in ("canary", "one", "two"):
            self.write(f"fuzz/{name}_fuzz.cpp")
        self.write("fuzz/run.sh", 'echo "$1 $4 $5: $#" >&2; echo "one   12 executions/s"; echo "two   failed executions/s"')
        with self.assertRaisesRegex(NotMeasured, "build/fuzz is not built"):
            fuzzing.measure_rates(self.bench, self.section)
        self.write("build/fuzz/fuzz/one_fuzz")
        fuzzing.measure_rates(self.bench, self.section)
        self.assertEqual([row.medians() for row in self.section.rows], [{"ASan, UBSan": 12}])
        self.assertEqual(self.section.not_measured, ["libFuzzer: two"])

    def test_too_little_coverage_is_measured_all_the_same(self):
        self.write("build/fuzz-coverage/fuzz/one_replay")
        self.write("fuzz/run.sh", "echo 'fuzz: lines of engine/: 80.5 %, at least 85 % are wanted' >&2; exit 1")
        fuzzing.measure_coverage(self.bench, self.section)
        [(of, value, target)] = self.section.rows[0].judged()
        self.assertEqual((of, value, target.met(value)), ("share", 80.5, False))


if __name__ == "__main__":
    unittest.main()
