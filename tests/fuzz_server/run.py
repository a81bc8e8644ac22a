#!/usr/bin/env python3
"""`counterpart fuzz server` against planted.py, panel.py's right server and the mock.

    run.py PROGRAM [planted] [all] [made] [right] [seed] [raw]      PROGRAM: counterpart; without a name: each of them
           [--seeds N,...] [--show]

    planted   every bug is found within REQUESTS_MAX requests, by every seed; what was saved shows it when it is played
              against the wrong server, and nothing against the right one
    all       the same bugs in one server: all found, and none told as many
    made      bugs of items whose ids the server made up: what was saved shows them in a server that was just started
    right     nothing is found in the right server, nor in the mock, fresh or used: by the first seed alone
    seed      the same seed sends the same requests, byte for byte; another seed others
    raw       servers that crash, fail or fall silent on damaged requests are found out within RAW_REQUESTS_MAX, by every
              seed; the bytes that were saved show it, and nothing against the right server
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "wrong_servers"))

from checking import server  # noqa: E402

REQUESTS_MAX = 25_000
RAW_REQUESTS_MAX = 6_000
RAW_BUGS = {  # and what each is told as
    "crash-on-bad-line": "other connections ended with it, as in a crash",
    "failure-on-many-headers": "the server failed with status 500",
    "silence-on-half-a-request": "neither an answer nor an end of the connection",
}
FUZZ_SECONDS_MAX = 240
CONTRACT = ROOT / "scenarios" / "panel-sessions"
TARGET = HERE / "planted.target.yaml"
PLANTED = [sys.executable, "-B", str(HERE / "planted.py")]


class Fuzzed:
    """One run of `counterpart fuzz server`."""

    def __init__(self, program, url, out, options, folder=CONTRACT, target=TARGET):
        command = [program, "fuzz", "server", str(folder), "--target", str(target), "--out", str(out), "--quiet",
                   "--max-time", f"{FUZZ_SECONDS_MAX}s", *options]
        environment = {**os.environ, "PLANTED_URL": url, "WRONG_SERVER_URL": url, "COUNTERPART_URL": url}
        result = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                errors="replace", timeout=FUZZ_SECONDS_MAX * 2)
        self.exit_code = result.returncode
        self.text = result.stdout + result.stderr
        self.lines = self.text.splitlines()

    def found(self):
        """"check subject: message" of each."""
        found = []
        for line, message in zip(self.lines, self.lines[1:]):
            if ", first after " in line:
                _, check, subject, *_ = line.split()
                found.append(f"{check} {subject}: {message.strip()}")
        return found


def finds(found, says):
    """Whether a finding is the bug's: "check subject", with "*" for any subject, and maybe ": message"."""
    what, _, message = says.partition(": ")
    check, subject = what.split()
    for one in found:
        what_found, _, message_found = one.partition(": ")
        check_found, subject_found = what_found.split(" ")
        if check_found == check and subject in ("*", subject_found) and message_found.startswith(message):
            return True
    return False


def replay(program, file, url, contract=CONTRACT, target=TARGET):
    """The exit code of `check` with just this scenario, or of `fuzz server --replay`."""
    if not file.name.endswith(".scenario.yaml"):
        return Fuzzed(program, url, file.parent / "replay", ["--replay", str(file)], contract, target).exit_code
    with tempfile.TemporaryDirectory(prefix="fuzz-server-") as scratch:
        folder = Path(scratch) / "contract"
        folder.mkdir()
        shutil.copy(contract / "contract.yaml", folder)
        shutil.copy(file, folder)
        command = [program, "check", str(folder), "--target", str(target), "--generate", "0", "--filter",
                   f"scenario/{file.name.removesuffix('.scenario.yaml')}", "--quiet"]
        return subprocess.run(command, env={**os.environ, "PLANTED_URL": url, "WRONG_SERVER_URL": url}, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60).returncode


def check_planted(options, scratch):
    bugs = json.loads(subprocess.run([*PLANTED, "--list"], stdout=subprocess.PIPE, check=True, text=True).stdout)
    problems = []
    for seed in options.seeds:
        # Bugs that say the same are told apart by playing each alone.
        for name, says in bugs.items():
            more = ["--seed", seed, "--max-requests", str(REQUESTS_MAX), "--fail-fast"]

            def play(turn):
                out = scratch / f"{name}-{seed}-{turn}"
                with server(*PLANTED, "--bugs", name) as url:
                    run = Fuzzed(options.program, url, out, more)
                    print(f"  seed {seed}: {name}: {run.lines[-1] if run.lines else ''}", flush=True)
                    if options.show:
                        print(run.text)
                    wrong = []
                    if run.exit_code != 1 or not finds(run.found(), says):
                        wrong = [f"seed {seed}: {name}: exit code {run.exit_code}, found {run.found()}"]
                    wrong += [] if saved(out) else [f"seed {seed}: {name}: nothing was saved"]
                    wrong += [f"{file.name} of {name} does not show it" for file in saved(out)
                              if replay(options.program, file, url) != 1]
                return run, out, wrong

            run, out, wrong = play(1)
            if wrong:  # what a busy machine did is not done again; what the seed does is
                print("\n".join([*wrong, run.text, "once more:"]), flush=True)
                run, out, wrong = play(2)
            problems += wrong
            with server(*PLANTED, "--bugs", "none") as url:
                problems += [f"{file.name} of {name} fails the right server" for file in saved(out)
                             if replay(options.program, file, url) != 0]
    return problems


def saved(out):
    return sorted(out.glob("found-*"))


def check_all_at_once(options, scratch):
    problems = []
    with server(*PLANTED, "--bugs", "all") as url:
        run = Fuzzed(options.program, url, scratch / "all", ["--seed", "1", "--max-requests", str(REQUESTS_MAX)])
    print(f"  all at once: {run.lines[-1] if run.lines else ''}", flush=True)
    bugs = json.loads(subprocess.run([*PLANTED, "--list"], stdout=subprocess.PIPE, check=True, text=True).stdout)
    problems += [f"all at once: {name} is not among {run.found()}" for name, says in bugs.items()
                 if not finds(run.found(), says)]
    if len(run.found()) > 2 * len(bugs):
        problems.append(f"{len(bugs)} bugs were told as {len(run.found())}: {run.found()}")
    return problems


def check_made(options, scratch):
    problems = []
    contract = HERE.parent / "wrong_servers" / "notes"
    command = [sys.executable, "-B", str(HERE / "made_up.py")]
    listed = subprocess.run([*command, "--list"], stdout=subprocess.PIPE, check=True, text=True).stdout
    bugs = [name for name in listed.split() if name != "none"]
    for seed in options.seeds:
        for bug in bugs:
            for how in ("file",) if bug == "made-note-stays" else ("file", "url"):  # by its URL no state is known
                def where(url):
                    target = HERE.parent / "wrong_servers" / "notes.target.yaml" if how == "file" else url
                    return contract, target

                out = scratch / f"{bug}-{seed}-{how}"
                with server(*command, "--defect", bug) as url:
                    run = Fuzzed(options.program, url, out, ["--seed", seed, "--max-requests", str(REQUESTS_MAX),
                                                             "--fail-fast"], *where(url))
                print(f"  seed {seed}: {bug} by its {how}: {run.lines[-1] if run.lines else ''}", flush=True)
                if options.show:
                    print(run.text)
                if run.exit_code != 1 or not saved(out):
                    problems.append(f"seed {seed}: {bug} by its {how}: exit code {run.exit_code}, saved {saved(out)}")
                for file in saved(out):
                    codes = []
                    for defect in (bug, "none"):
                        with server(*command, "--defect", defect) as url:
                            codes.append(replay(options.program, file, url, *where(url)))
                    if codes != [1, 0]:
                        problems.append(f"seed {seed}: {bug} by its {how}: {file.name} gives {codes}:\n{file.read_text()}")
    return problems


def check_right(options, scratch):
    problems = []

    def fuzz(what, url, more, **where):
        for turn in (1, 2):  # what a busy machine did is not done again; what the seed does is
            run = Fuzzed(options.program, url, scratch / f"{what.replace(' ', '-')}-{turn}", more, **where)
            print(f"  {what}: {run.lines[-1] if run.lines else ''}", flush=True)
            if run.exit_code == 0:
                return
            print(run.text, flush=True)
        problems.append(f"{what}: exit code {run.exit_code}, twice")

    for seed in options.seeds[:1]:
        with server(*PLANTED, "--bugs", "none") as url:
            fuzz(f"right server, seed {seed}", url, ["--seed", seed, "--max-requests", "4000", "--raw"])
        for name in ("keyauth-seller", "panel-sessions"):
            folder = ROOT / "scenarios" / name
            with mock(options.program, folder) as url:
                file = ROOT / "conformance" / "mock.target.yaml"
                fuzz(f"mock of {name}, seed {seed}", url, ["--seed", seed, "--max-requests", "8000", "--raw"],
                     folder=folder, target=file)
                fuzz(f"mock of {name} by its URL, seed {seed}", url, ["--seed", seed, "--max-requests", "8000"],
                     folder=folder, target=url)
                fuzz(f"mock of {name}, destructive, seed {seed}", url,
                     ["--seed", seed, "--max-requests", "4000", "--allow-destructive", "--level", "assumed"],
                     folder=folder, target=file)
                fuzz(f"used mock of {name} by its URL, seed {seed}", url,
                     ["--seed", seed, "--max-requests", "4000", "--allow-destructive"], folder=folder, target=url)
    return problems


class mock:
    def __init__(self, program, folder):
        self.command = [program, "mock", str(folder), "--port", "0", "--format", "json", "--quiet"]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "http://" in line:
                return "http://" + line.split("http://", 1)[1].split('"', 1)[0].split()[0]
        raise RuntimeError("the mock has not said where it listens")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def check_seed(options, scratch):
    problems = []
    for bugs in ("none", "second-revocation-undoes-the-first,failure-on-past-ascii"):
        log = scratch / f"log-{len(bugs)}"
        sent = []
        with server(*PLANTED, "--bugs", bugs, "--log", str(log)) as url:
            for turn, seed in enumerate(("7", "7", "8")):  # each without the corpus of the others
                before = log.stat().st_size
                Fuzzed(options.program, url, scratch / f"seed-{len(bugs)}-{turn}", ["--seed", seed, "--max-requests", "1500"])
                sent.append(log.read_bytes()[before:])
        print(f"  bugs {bugs}: {[len(one) for one in sent]} bytes", flush=True)
        if len(sent[0]) < 100_000:
            problems.append(f"only {len(sent[0])} bytes were sent")
        if sent[0] != sent[1]:
            problems.append(f"bugs {bugs}: the same seed sent {len(sent[0])} and then {len(sent[1])} bytes, not the same")
        if sent[0] == sent[2]:
            problems.append(f"bugs {bugs}: two seeds sent the same")
    return problems


def check_raw(options, scratch):
    problems = []
    for seed in options.seeds:
        for bug, says in RAW_BUGS.items():
            out = scratch / f"{bug}-{seed}"
            with server(*PLANTED, "--bugs", bug) as url:
                run = Fuzzed(options.program, url, out, ["--seed", seed, "--max-requests", str(RAW_REQUESTS_MAX),
                                                         "--raw", "--fail-fast"])
                again = [replay(options.program, file, url) for file in out.glob("found-*.http")]
            with server(*PLANTED, "--bugs", "none") as url:
                right = [replay(options.program, file, url) for file in out.glob("found-*.http")]
            print(f"  seed {seed}: {bug}: {run.lines[-1] if run.lines else ''}", flush=True)
            if options.show:
                print(run.text)
            raw = [one for one in run.found() if one.startswith("no-server-error raw") and one.endswith(says)]
            if run.exit_code != 1 or not raw:
                problems.append(f"seed {seed}: {bug}: exit code {run.exit_code}, found {run.found()}")
            if again != [1] or right != [0]:
                problems.append(f"seed {seed}: {bug}: once more {again}, at the right server {right}")
    return problems


CHECKS = {"planted": check_planted, "all": check_all_at_once, "made": check_made, "right": check_right, "seed": check_seed,
          "raw": check_raw}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("checks", nargs="*", help=", ".join(CHECKS))
    parser.add_argument("--seeds", type=lambda text: text.split(","), default=["1", "2", "3"])
    parser.add_argument("--show", action="store_true", help="print what each run says")
    options = parser.parse_args()
    problems = []
    for name in options.checks or CHECKS:
        print(name, flush=True)
        with tempfile.TemporaryDirectory(prefix="fuzz-server-") as scratch:
            problems += CHECKS[name](options, Path(scratch))
    for problem in problems:
        print(f"FAIL {problem}")
    print("all as expected" if not problems else f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
