#!/usr/bin/env python3
"""Fuzzes clients with planted bugs: each must be found, shrunk to the expected scenario, and shown again by it.

    run.py PROGRAM LANGUAGE CLIENT...      PROGRAM: counterpart; CLIENT: the command; LANGUAGE names what is expected of it
           [--write]                       makes what is found the expectation

expected/LANGUAGE/ has a scenario for each bug, as `fuzz client` writes them from `play` on, under a first line that says
how the client fails. Exits 1 when something differs.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parent.parent / "scenarios" / "keyauth-seller"
TIMEOUT_S = 5
OPTIONS = ["--seed", "7", "--timeout", f"{TIMEOUT_S}s", "--runs", "400", "--expect-exit", "0", "--expect-exit", "2"]


def fuzz(program, client, folder):
    """The report of one run."""
    command = [program, "fuzz", "client", str(CONTRACT), *OPTIONS, "--json", "--out", str(folder), "--", *client]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    if done.returncode != 1:
        sys.exit(f"exit code {done.returncode}, not 1\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def as_expected(finding):
    """What is tracked of a finding: how the client fails, and the scenario without what names this machine."""
    text = Path(finding["file"]).read_text()
    body = text[text.index("summary:"):]
    return f"# {finding['failure']} in {finding['operation']} ({finding['class']})\nscenario: {{name}}\n{body}"


def show_again(program, client, scenario, failure):
    """Why `exec` with the scenario does not show the failure; "" when it does."""
    command = [program, "exec", str(CONTRACT), "--scenario", str(scenario), "--seed", "7", "--", *client]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        code = running.wait(TIMEOUT_S)
        ended = f"exit code {code}"
    except subprocess.TimeoutExpired:
        ended = "hang"
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    crash = re.fullmatch(r"crash: (SIG\w+)", failure)
    wanted = f"exit code {128 + getattr(signal, crash.group(1))}" if crash else failure
    return "" if ended == wanted else f"{scenario.name}: {ended}, not {wanted}"


def differences(program, client, language, report):
    found = {as_expected(finding): finding for finding in report["findings"]}
    lines = []
    for file in sorted((HERE / "expected" / language).glob("*.scenario.yaml")):
        name = file.name.removesuffix(".scenario.yaml")
        wanted = file.read_text()
        finding = found.pop(wanted.replace(f"scenario: {name}\n", "scenario: {name}\n"), None)
        if finding is None:
            lines.append(f"{name}: not found as\n{wanted}")
            continue
        for scenario in (Path(finding["file"]), file):
            lines.append(show_again(program, client, scenario, finding["failure"]))
    lines += [f"not expected:\n{text}\n{finding['err'][-1000:]}" for text, finding in found.items()]
    return [line for line in lines if line]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("program")
    parser.add_argument("language")
    parser.add_argument("client", nargs="+")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="counterpart-"))
    try:
        report = fuzz(arguments.program, arguments.client, folder)
        if arguments.write:
            shutil.rmtree(HERE / "expected" / arguments.language, ignore_errors=True)
            for finding in report["findings"]:
                name = finding["name"]
                to = HERE / "expected" / arguments.language / f"{name}.scenario.yaml"
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_text(as_expected(finding).replace("{name}", name))
            return
        lines = differences(arguments.program, arguments.client, arguments.language, report)
        print(f"{report['runs']} runs, {report['tries']} to shrink, {len(report['findings'])} findings")
        if lines:
            sys.exit("\n".join(lines))
    finally:
        shutil.rmtree(folder)


main()
