#!/usr/bin/env python3
"""Clients that hang easily, or say something else each time; a folder that cannot be written.

    odd.py PROGRAM
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONTRACT = """
counterpart: 1
name: tiny
operations:
  ping:
    request: { method: GET, path: /ping }
    rules:
      - respond: pong
    responses:
      pong: { status: 204, description: It is there. }
"""
ASK = """
import os, random, socket, string, sys, time, urllib.parse
url = urllib.parse.urlparse(os.environ["COUNTERPART_URL"])
peer = socket.create_connection((url.hostname, url.port))
peer.sendall(f"GET {url.path}/ping HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n".encode())
"""
# Waits for ever unless the whole answer comes at once.
IMPATIENT = ASK + """
if not peer.recv(65536).endswith(b"\\r\\n\\r\\n"):
    time.sleep(3600)
"""
# Takes what comes, whenever it comes.
PATIENT = ASK + """
try:
    while peer.recv(65536):
        pass
except OSError:
    pass
"""
# Fails unless all is well, and never says the same of it.
WORDY = ASK + """
bytes = b""
try:
    while more := peer.recv(65536):
        bytes += more
except OSError:
    bytes = b""
if not bytes.startswith(b"HTTP/1.1 204 No Content\\r\\n") or not bytes.endswith(b"\\r\\n\\r\\n"):
    sys.exit("failed " + "".join(random.choices(string.ascii_letters, k=30)))
"""
# Fails at its third start, and from then on goes on until it is killed, or the scratch folder is no more.
STUCK = ASK + """
with open(os.path.join(os.environ["SCRATCH"], "starts"), "a+") as starts:
    starts.write("x")
    starts.seek(0)
    count = len(starts.read())
peer.recv(65536)
while count > 3 and os.path.exists(os.environ["SCRATCH"]):
    time.sleep(0.05)
sys.exit(1 if count == 3 else 0)
"""


def fuzz(program, scratch, client, *options):
    """Exit code, report and stderr."""
    command = [program, "fuzz", "client", str(scratch / "contract"), "--seed", "7", "--jobs", "16", "--json",
               "--out", str(scratch / "out"), *options, "--", sys.executable, "-S", "-c", client]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


def cuts_are_all(program, scratch):
    """However many hang."""
    code, report, err = fuzz(program, scratch, IMPATIENT, "--cut-everywhere", "--runs", "0", "--timeout", "2s")
    hung = sum(one["count"] for one in report["findings"])
    print(f"{report['runs']} cuts, {hung} hung")
    yield code == 1, f"exit code {code}"
    yield report["left_out"] == {}, f"left out: {report['left_out']}"
    # A cut behind each byte, and two pieces at each; whole is only what is split behind the last one of the head.
    yield report["runs"] > 100 and hung > report["runs"] / 2, "that is not everywhere"
    yield err == "", f"said {err}"


def stalls_are_not_drawn_for_ever(program, scratch):
    """Three of them are enough to know that more would hang."""
    hung = []
    for runs in ("40", "300"):
        code, report, _ = fuzz(program, scratch, PATIENT, "--runs", runs, "--timeout", "2s")
        hung.append(sum(one["count"] for one in report["findings"]))
        yield code == 1 and all(one["failure"] == "hang" for one in report["findings"]), f"{code}: {report['findings']}"
    print(f"hung: {hung[0]} of 40, {hung[1]} of 300")
    yield hung[0] >= 3, "nothing hangs"
    yield hung[1] <= hung[0] + 3, "more of the same were drawn"  # trickles may hang thrice


def words_are_no_causes(program, scratch):
    code, report, _ = fuzz(program, scratch, WORDY, "--runs", "150", "--expect-exit", "0", "--timeout", "5s")
    found = [one for one in report["findings"] if one["failure"] != "hang"]
    print(f"{len(found)} findings, {report['untold']} runs not told apart")
    yield code == 1, f"exit code {code}"
    yield 1 <= len(found) <= 6, "there are six classes"
    for one in found:
        yield one["in_other_words"] and one["shrunk"] and not one["flaky"], f"{one['name']} is told as {one}"
        yield Path(one["file"]).read_text() == one["scenario"], f"{one['file']} is not {one['scenario']}"
    yield len({one["file"] for one in found}) == len(found), "files have the same name"


def a_folder_is_tried_first(program, scratch):
    (scratch / "out").write_text("a file")
    code, report, err = fuzz(program, scratch, f"open({str(scratch / 'ran')!r}, 'w')")
    yield code == 3 and report == {}, f"exit code {code}"
    yield str(scratch / "out") in err, f"said {err}"
    yield not (scratch / "ran").exists(), "the command was run"


def a_clean_run_that_fails_leaves_nothing(program, scratch):
    code, report, err = fuzz(program, scratch, PATIENT, "--expect-exit", "2")
    yield code == 2 and report == {}, f"exit code {code}"
    yield "exit code 0, which is not among --expect-exit" in err, f"said {err}"
    yield not (scratch / "out").exists(), "there is a folder without findings"


def what_is_found_is_there_at_once(program, scratch):
    """Who kills the run has it, though the next run takes for ever."""
    file = scratch / "out" / "found-1.scenario.yaml"
    command = [program, "fuzz", "client", str(scratch / "contract"), "--expect-exit", "0", "--quiet", "--jobs", "1",
               "--timeout", "1000s", "--out", str(file.parent), "--", sys.executable, "-S", "-c", STUCK]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, env={**os.environ, "SCRATCH": str(scratch)}) as run:
        try:
            deadline = time.monotonic() + 120
            while not file.exists() and run.poll() is None and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(0.2)  # it is being written
            yield run.poll() is None, f"it has ended with {run.returncode}"
        finally:
            run.kill()
    yield file.exists(), "it is not there"
    yield "not shrunk: the run ended early" in file.read_text(), f"it is {file.read_text()}"
    shutil.copy(file, scratch / "contract")
    lint = subprocess.run([program, "lint", str(scratch / "contract")], capture_output=True, text=True, timeout=60)
    yield lint.returncode == 0, f"it is no scenario: {lint.stdout}{lint.stderr}"


def main():
    problems = []
    for case in (cuts_are_all, stalls_are_not_drawn_for_ever, words_are_no_causes, a_folder_is_tried_first,
                 a_clean_run_that_fails_leaves_nothing, what_is_found_is_there_at_once):
        with tempfile.TemporaryDirectory(prefix="counterpart-") as folder:
            scratch = Path(folder)
            (scratch / "contract").mkdir()
            (scratch / "contract" / "contract.yaml").write_text(CONTRACT)
            problems += [f"{case.__name__}: {problem}" for is_right, problem in case(sys.argv[1], scratch) if not is_right]
    sys.exit("\n".join(problems) or 0)


main()
