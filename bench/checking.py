"""What ./dev bench measures of `counterpart check` and `counterpart prove`: used by measurements.py."""

import json
import subprocess
import time

from processes import NotMeasured
from report import Row, Target
from servers import start_mock

SEQUENCES = 20_000
RUN_SECONDS_MAX = 300
CHECK_MS_MAX, PROVE_MS_MAX, EXCHANGES_MIN = 100, 10_000, 100_000


def timed(arguments):
    """Milliseconds from the program's start to its end, which must be 0."""
    started = time.perf_counter_ns()
    done = subprocess.run([str(a) for a in arguments], capture_output=True, timeout=RUN_SECONDS_MAX, check=False)
    if done.returncode != 0:
        raise NotMeasured(f"{' '.join(map(str, arguments))} ended with {done.returncode}: {done.stdout[-300:]!r}")
    return (time.perf_counter_ns() - started) / 1e6


def measure_check(bench, section):
    rounds = 3 if bench.quick else 10
    contract = bench.scenario("keyauth-seller")

    def sample():  # each beside a mock in its first state: the second check finds the sessions killed
        with start_mock(bench.mock, contract) as server:
            url = f"http://127.0.0.1:{server.port}"
            return timed([bench.mock, "check", contract, "--target", url, "--seed", "1", "--quiet"])

    sample()
    samples = {"check": bench.quiet.play(sample, rounds)}
    most = Target("median", CHECK_MS_MAX, at_least=False, unit=" ms")
    section.rows.append(Row("keyauth-seller against the mock", "ms", samples, absolute={"check": most}))


def measure_generated(bench, section):
    """Exchanges of generated sequences in process, a second: what a run needs beside them is taken off."""
    contract = bench.scenario("keyauth-seller")
    report = bench.folder("generated") / "report.json"

    def run(sequences):
        command = [bench.mock, "check", contract, "--target", "engine", "--seed", "1", "--quiet", "--generate", sequences]
        command += ["--filter", "generated/*", "--filter", "scenario/kill-session"]  # with 0 sequences one must fit
        milliseconds = timed(command)
        timed([*command, "--report", f"json={report}"])
        cases = json.loads(report.read_text(encoding="utf-8"))["cases"]
        return milliseconds, sum(case["exchanges"] for case in cases)

    def sample():
        base_ms, base = run(0)
        many_ms, many = run(SEQUENCES)
        return (many - base) / ((many_ms - base_ms) / 1000)

    samples = bench.quiet.play(sample, 2 if bench.quick else 5)
    least = Target("median", EXCHANGES_MIN, at_least=True, unit=" exchanges/s")
    label = "generated, in process, one core"
    section.rows.append(Row(label, "exchanges/s", {"check": samples}, absolute={"check": least}))


def measure_prove(bench, section):
    def sample():
        return sum(timed([bench.mock, "prove", contract]) for contract in bench.both_contracts)

    samples = bench.quiet.play(sample, 1 if bench.quick else 3)
    most = Target("median", PROVE_MS_MAX, at_least=False, unit=" ms")
    section.rows.append(Row("both contracts", "ms", {"prove": samples}, absolute={"prove": most}))


def measure_checking(bench, section):
    for part in (measure_check, measure_generated, measure_prove):
        try:
            part(bench, section)
        except (NotMeasured, subprocess.TimeoutExpired) as reason:
            section.not_measured.append(f"{part.__name__}: {reason}")
