"""What the suites share: a server that runs for as long as it is needed, and one run of `counterpart check`."""

import json
import os
import resource
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECK_SECONDS_MAX = 300
STOP_SECONDS_MAX = 10


@contextmanager
def server(*command):
    """Its URL, for as long as it is needed. It ends with its stdin, so also when we are killed."""
    process = subprocess.Popen([*command, "--until-stdin-ends"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(command)} has not said where it listens")
        yield json.loads(line)["url"]
    finally:
        process.stdin.close()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


class Checked:
    """One run of `counterpart check`: how it ended, and its report."""

    def __init__(self, program, folder, target, options=(), url=""):
        with tempfile.TemporaryDirectory(prefix="wrong-servers-") as scratch:
            file = Path(scratch) / "report.json"
            command = [program, "check", str(folder), "--target", str(target), "--seed", "1", "--quiet", *options,
                       "--report", f"json={file}"]
            start = time.monotonic()
            result = subprocess.run(command, env={**os.environ, "WRONG_SERVER_URL": url}, timeout=CHECK_SECONDS_MAX,
                                    stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
            self.seconds = time.monotonic() - start
            self.exit_code = result.returncode
            self.out = result.stdout
            self.err = result.stderr.strip()
            self.report = json.loads(file.read_text(errors="replace")) if file.exists() else None

    def findings(self):
        """Those that count at the run's level."""
        if self.report is None:
            return []
        level = self.report["level"]
        return [one for one in self.report["findings"] if level == "assumed" or one["level"] == "documented"]

    def found(self):
        return sorted({f"{one['check']} {one['subject']}" for one in self.findings()})

    def retries(self):
        return sum(one["retries"] for one in self.report["cases"]) if self.report else 0


def memory_max_bytes():
    """The most that any child so far has had in memory at once."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
