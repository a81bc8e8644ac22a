#!/usr/bin/env python3
"""Shrinking ends with the time as well: what it did not come to is told as not shrunk, and is saved as it was found.

    out_of_time.py PROGRAM
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parent.parent / "scenarios" / "keyauth-seller"
# One look at what breaks it takes longer than all the time there is to shrink.
CLIENT = """
import json, os, sys, time, urllib.request
try:
    url = os.environ["COUNTERPART_URL"] + "/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions"
    json.loads(urllib.request.urlopen(url, timeout=2).read())["sessions"]
except Exception:
    time.sleep(5)
    sys.exit(3)
"""


def fuzz(program, folder, *options):
    command = [program, "fuzz", "client", str(CONTRACT), "--seed", "7", "--jobs", "1", "--expect-exit", "0", "--json",
               "--out", str(folder), *options, "--", sys.executable, "-c", CLIENT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode not in (0, 1):
        sys.exit(f"exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)["findings"]


def main():
    with tempfile.TemporaryDirectory() as folder:
        findings = fuzz(sys.argv[1], folder, "--max-time", "4s")
        problems = [] if findings else ["nothing was found"]
        if not any(one["out_of_time"] for one in findings):
            problems.append("all was shrunk: nothing ended it")
        for one in findings:
            if one["out_of_time"] == one["shrunk"] or one["flaky"]:
                problems.append(f"{one['name']} is told as {one}")
            if not Path(one["file"]).exists():
                problems.append(f"{one['name']} is not saved")
            elif one["out_of_time"] and "out of time" not in Path(one["file"]).read_text():
                problems.append(f"{one['file']} does not say that it is not shrunk")
    print(f"{len(findings)} findings, {sum(one['out_of_time'] for one in findings)} out of time")
    sys.exit("\n".join(problems) or 0)


main()
