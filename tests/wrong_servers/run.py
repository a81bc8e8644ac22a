#!/usr/bin/env python3
"""Checks servers that are wrong in known ways: each defect must be found, and nothing else may be.

    run.py PROGRAM [keyauth] [panel] [notes] [hostile]        PROGRAM: counterpart; without a suite: all of them
           [--scenarios FOLDER] [--only DEFECT ...] [--show]

SUITE.expected.json has, by defect, what must be found as "check subject", why just that, and options that it takes. The
defects are played in up to four ways:

    fresh             with the server's target file, each case in the contract's initial state, at the level "assumed"
    documented        the same, at the level "documented": what the documents leave open fails nobody
    url               with the bare URL, in whatever state the cases before have left, at the level "assumed"
    url-documented    the same, at the level "documented"

Exits 1 when something differs, 77 when a suite's interpreter is not there.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True  # these files are in a source folder

import hostile_suite  # noqa: E402
from checking import HERE, Checked, server  # noqa: E402

SERVERS = {
    "keyauth": (["node", str(HERE / "keyauth.mjs")], "keyauth-seller"),
    "panel": ([sys.executable, "-B", str(HERE / "panel.py")], "panel-sessions"),
    "notes": ([sys.executable, "-B", str(HERE / "notes.py")], HERE / "notes"),
}
WAYS = {
    "fresh": "each case in a fresh state",
    "documented": "each case in a fresh state, and only what is documented counts",
    "url": "by its URL alone",
    "url-documented": "by its URL alone, and only what is documented counts",
}
SKIPPED = 77


def differences(checked, wanted):
    """Lines that say what is not as it should be."""
    found = checked.found()
    lines = [f"missed:      {one}" for one in wanted if one not in found]
    for finding in checked.findings():
        name = f"{finding['check']} {finding['subject']}"
        if name not in wanted:
            seen = f"×{finding['count']}, first in {finding['case']}"
            lines.append(f"false alarm: {name}: {finding['message']} ({seen})")
    exit_code = 1 if wanted else 0
    if checked.exit_code != exit_code:
        lines.append(f"exit code {checked.exit_code}, not {exit_code}: {checked.err}")
    return lines


def play_defect(program, scenarios, suite, way, defect, entry):
    command, contract = SERVERS[suite]
    with server(*command, "--defect", defect) as url:
        target = url if way.startswith("url") else HERE / f"{suite}.target.yaml"
        level = "documented" if way.endswith("documented") else "assumed"
        return Checked(program, scenarios / contract, target, ["--level", level, *entry.get("options", [])], url)


def show_result(defect, checked, entry, show):
    lines = differences(checked, entry["find"])
    print(f"  {defect:<40} {len(checked.found()):>5} {len(entry['find']):>8}  {'FAIL' if lines else 'ok'}")
    for line in lines:
        print(f"      {line}")
    for finding in checked.findings() if show else []:
        print(f"      {finding['check']} {finding['subject']} ×{finding['count']}: {finding['message']}")
    sys.stdout.flush()
    return 1 if lines else 0


def play_suite(options, suite):
    """How many defects were not judged as they should be."""
    expected = json.loads((HERE / f"{suite}.expected.json").read_text())
    command, _ = SERVERS[suite]
    defects = subprocess.run([*command, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    failures = 0
    for defect in sorted(set(defects) ^ {name for entries in expected.values() for name in entries}):
        print(f"FAIL {suite} {defect}: it is in one of {Path(command[-1]).name} and {suite}.expected.json only")
        failures += 1
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            for way, entries in expected.items():
                chosen = {name: one for name, one in entries.items() if not options.only or name in options.only}
                print(f"\n{suite}, {WAYS[way]}\n  {'defect':<40} {'found':>5} {'expected':>8}")
                runs = pool.map(lambda item: play_defect(options.program, options.scenarios, suite, way, *item),
                                chosen.items())
                for (defect, entry), checked in zip(chosen.items(), runs):
                    failures += show_result(defect, checked, entry, options.show)
        finally:
            pool.shutdown(cancel_futures=True)
    return failures


def missing_interpreter(suites):
    return "node" if "keyauth" in suites and not shutil.which("node") else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join([*SERVERS, "hostile"]))
    parser.add_argument("--scenarios", type=Path, default=HERE.parent.parent / "scenarios")
    parser.add_argument("--only", nargs="+", metavar="DEFECT", help="play these only")
    parser.add_argument("--show", action="store_true", help="print every finding")
    options = parser.parse_args()
    suites = options.suites or [*SERVERS, "hostile"]
    if unknown := [one for one in suites if one != "hostile" and one not in SERVERS]:
        parser.error(f"there is no suite {unknown[0]}")
    if missing := missing_interpreter(suites):
        print(f"skipped: {missing} is not there")
        return SKIPPED
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    failures = 0
    for suite in suites:
        if suite == "hostile":
            failures += hostile_suite.play(options.program, options.scenarios, options.only)
        else:
            failures += play_suite(options, suite)
    print(f"\n{failures} differ{'s' if failures == 1 else ''}" if failures else "\nall as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
