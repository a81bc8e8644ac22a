#!/usr/bin/env python3
"""The same seed gives a client the same bytes run by run, however many runs go side by side; another seed gives others.

    seed.py PROGRAM             PROGRAM: counterpart
    seed.py --client FOLDER     the client: notes what it is answered, under the name of the run's space
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

CONTRACT = Path(__file__).resolve().parent.parent.parent / "scenarios" / "keyauth-seller"
TARGET = "/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions"
RUNS = 120
ANSWER_SECONDS_MAX = 0.5


def client(folder):
    url = urlsplit(os.environ["COUNTERPART_URL"])
    came = b""
    deadline = time.monotonic() + ANSWER_SECONDS_MAX
    with socket.create_connection((url.hostname, url.port)) as connection:
        connection.sendall(f"GET {url.path}{TARGET} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        try:
            while (left := deadline - time.monotonic()) > 0:
                connection.settimeout(left)
                more = connection.recv(1 << 16)
                if not more:
                    break
                came += more
        except OSError:
            pass  # what came until then counts
    (folder / url.path.removeprefix("/~")).write_bytes(came)


def answers(program, scratch, seed, jobs):
    """The bytes of each run by its name."""
    folder = scratch / f"{seed}-{jobs}"
    folder.mkdir()
    command = [program, "fuzz", "client", str(CONTRACT), "--seed", seed, "--jobs", jobs, "--runs", str(RUNS), "--quiet",
               "--out", str(scratch / "found"), "--", sys.executable, __file__, "--client", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        sys.exit(f"exit code {done.returncode}, not 0\n{done.stdout}{done.stderr}")
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def is_same(a, b):
    """How much of an answer came before it was reset, or stalled, is a matter of time."""
    return a.startswith(b) or b.startswith(a)


def main(program):
    with tempfile.TemporaryDirectory(prefix="counterpart-") as name:
        scratch = Path(name)
        one, beside, other = (answers(program, scratch, *how) for how in (("1", "1"), ("1", "4"), ("2", "1")))
    problems = []
    if not len(one) == len(beside) == len(other) == RUNS + 1:  # and the clean one
        problems.append(f"{len(one)}, {len(beside)} and {len(other)} runs, not {RUNS} and a clean one")
    problems += [f"{run}: {one[run][:300]!r} and {beside[run][:300]!r} from the same seed"
                 for run in sorted(one.keys() & beside.keys()) if not is_same(one[run], beside[run])]
    whole = sum(one[run] == beside[run] for run in one.keys() & beside.keys())
    if whole < RUNS * 3 / 4:
        problems.append(f"only {whole} runs were answered the same to the last byte")
    differ = sum(not is_same(one[run], other[run]) for run in one.keys() & other.keys())
    if differ < RUNS / 4:
        problems.append(f"only {differ} runs were answered otherwise by another seed")
    print(f"{whole} of {RUNS + 1} the same, {differ} others by another seed")
    if problems:
        sys.exit("\n".join(problems))


if sys.argv[1] == "--client":
    client(Path(sys.argv[2]))
else:
    main(sys.argv[1])
