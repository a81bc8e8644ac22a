#!/usr/bin/env python3
"""Which engine of `counterpart fuzz server` finds more: the own loop, or libFuzzer (fuzz/server/server_fuzz.cpp). Both send
the generator's sequences to planted.py, one bug at a time; printed is after how many requests each bug was seen first.

    engines.py PROGRAM SERVER_FUZZ [--seeds 1,2,3] [--bugs NAME,...]
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
from run import CONTRACT, PLANTED, REQUESTS_MAX, TARGET, finds, server  # noqa: E402

SECONDS_MAX = 240
CALLS_A_SEQUENCE = 4  # at least: libFuzzer's bound is one of sequences


def own_loop(options, seed, scratch):
    return [options.program, "fuzz", "server", str(CONTRACT), "--target", str(TARGET), "--seed", seed, "--fail-fast",
            "--max-requests", str(REQUESTS_MAX), "--max-time", f"{SECONDS_MAX}s", "--quiet", "--out", str(scratch)]


def libfuzzer(options, seed, scratch):
    corpus = scratch / "corpus"
    corpus.mkdir(parents=True)
    return [options.server_fuzz, f"-seed={seed}", f"-runs={REQUESTS_MAX // CALLS_A_SEQUENCE}", "-len_control=0",
            "-max_len=1000000", f"-max_total_time={SECONDS_MAX}", "-print_final_stats=1", str(corpus)]


def first_finding(engine, options, bug, says, seed):
    """After how many requests the bug was found (None: it was not), and requests a second."""
    with tempfile.TemporaryDirectory(prefix="engines-") as name, server(*PLANTED, "--bugs", bug) as url:
        environment = {**os.environ, "PLANTED_URL": url, "COUNTERPART_CONTRACT": str(CONTRACT),
                       "COUNTERPART_TARGET": str(TARGET)}
        command = engine(options, seed, Path(name) / "out")
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace", cwd=name)
        text, requests = "", None
        for line in process.stdout:
            text += line
            told = re.match(r"after (\d+) requests: (.*)", line)  # libFuzzer goes on; it is enough
            if told and finds([told[2]], says):
                requests = int(told[1])
                process.kill()
                break
        seconds = time.monotonic() - began
        process.wait()
        process.stdout.close()
    own = re.search(r"first after ([\d,]+) request", text)
    if own:
        requests = int(own[1].replace(",", ""))
    return requests, (requests or REQUESTS_MAX) / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("server_fuzz", type=os.path.abspath)
    parser.add_argument("--seeds", type=lambda text: text.split(","), default=["1", "2", "3"])
    parser.add_argument("--bugs", type=lambda text: text.split(","))
    options = parser.parse_args()
    bugs = json.loads(subprocess.run([*PLANTED, "--list"], stdout=subprocess.PIPE, check=True, text=True).stdout)
    engines = {"own loop": own_loop, "libFuzzer": libfuzzer}
    all_requests = {name: [] for name in engines}
    for bug in options.bugs or bugs:
        for name, engine in engines.items():
            runs = [first_finding(engine, options, bug, bugs[bug], seed) for seed in options.seeds]
            all_requests[name] += [requests for requests, _ in runs]
            texts = ", ".join(f"{requests} ({rate:.0f}/s)" for requests, rate in runs)
            print(f"{bug:36} {name:10} {texts}", flush=True)
    for name, requests in all_requests.items():
        found = [one for one in requests if one is not None]
        print(f"{name}: {len(found)} of {len(requests)} found, median {statistics.median(found or [0]):.0f}, "
              f"mean {statistics.mean(found or [0]):.0f}, most {max(found or [0])}")


if __name__ == "__main__":
    main()
