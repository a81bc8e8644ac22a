"""What ./dev bench measures of fuzzing: engine sequences in process, the libFuzzer targets, what the tracked corpora cover,
and the two fuzzers over the wire. Used by measurements.py.
"""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path

from processes import NotMeasured, run
from report import Row, Target
from servers import start_mock

ENGINE_REQUESTS_MIN = 50_000  # a second, on one core
SERVER_REQUESTS_MIN = 5_000  # a second
CLIENT_OVERHEAD_MS_MAX = 5
COVERED_PERCENT_MIN = 85
SERVER_REQUESTS = 50_000
CLIENT_RUNS = 2_000
CLIENT_TARGET = "/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions"
RUN_SECONDS_MAX = 600
BUILD_SECONDS_MAX = 3 * 3600  # everything under clang, with sanitizers


def said(command, pattern, seconds_max=RUN_SECONDS_MAX, environment=None):
    """All that the pattern finds in the output of a command that must end well."""
    code, out, err = run(command, seconds_max, environment)
    found = re.findall(pattern, f"{out}\n{err}")
    if code or not found:
        raise NotMeasured(f"{' '.join(map(str, command))} ended with {code}: {(err or out)[-300:]}")
    return found


def measure_engine(bench, section):
    command = [bench.built / "fuzz" / "engine_replay", bench.root / "fuzz" / "corpus" / "engine", "--rate", bench.seconds]
    samples = bench.quiet.play(lambda: float(said(command, r"(\d+) requests/s")[0]), bench.rounds)
    least = Target("median", ENGINE_REQUESTS_MIN, at_least=True, unit=" requests/s")
    section.rows.append(Row("engine sequences in process", "requests/s", {"one core": samples}, absolute={"one core": least}))


def measure_server(bench, section):
    def sample():
        contract = bench.scenario("panel-sessions")
        with tempfile.TemporaryDirectory() as out, start_mock(bench.mock, contract) as server:
            command = [bench.mock, "fuzz", "server", contract, "--target", server.url, "--seed", "1", "--quiet"]
            command += ["--max-time", "5m", "--max-requests", SERVER_REQUESTS]
            command += ["--out", out]  # its own, so that none begins with the corpus that another kept
            return float(said(command, r"(\d+)/s ·")[0])

    samples = bench.quiet.play(sample, bench.rounds)
    least = Target("median", SERVER_REQUESTS_MIN, at_least=True, unit=" requests/s")
    row = Row("fuzz server against the mock", "requests/s", {"loopback": samples}, absolute={"loopback": least})
    section.rows.append(row)


def measure_client(bench, section):
    """What a run takes beside the command's own time, less what a bare loop takes beside it."""
    program = bench.built / "bench" / "fuzz_client_bench"

    def beside(play):
        """Milliseconds a run; `play` gives seconds and runs, with an environment whose BENCH_LOG the command writes."""
        with tempfile.TemporaryDirectory() as scratch:
            log = Path(scratch) / "log"
            environment = {**os.environ, "BENCH_LOG": str(log), "BENCH_TARGET": CLIENT_TARGET}
            seconds, runs = play(environment, scratch)
            own = [float(line) for line in log.read_text().split()]
        if len(own) < runs:
            raise NotMeasured(f"of {runs} runs {len(own)} ended well")
        return (seconds - sum(own)) / runs * 1000

    def in_a_loop(environment, _):
        with start_mock(bench.mock, bench.scenario("keyauth-seller")) as server:
            environment["COUNTERPART_URL"] = server.url
            [line] = said([program, "loop", CLIENT_RUNS, program, "ask"], r"[\d.]+", environment=environment)
        return float(line), CLIENT_RUNS

    def fuzzed(environment, scratch):
        command = [bench.mock, "fuzz", "client", bench.scenario("keyauth-seller"), "--seed", "1", "--jobs", "1", "--json",
                   "--runs", CLIENT_RUNS, "--out", Path(scratch) / "out", "--", program, "ask"]
        [report] = said(command, r"(?s)^\{.*\}", environment=environment)
        report = json.loads(report)
        return report["microseconds"] / 1e6, report["runs"] + 1  # the clean run

    samples = bench.quiet.play(lambda: beside(fuzzed) - beside(in_a_loop), bench.rounds)
    most = Target("median", CLIENT_OVERHEAD_MS_MAX, at_least=False, unit=" ms")
    label = "fuzz client: a run beside the command's own"
    section.rows.append(Row(label, "ms", {"overhead": samples}, absolute={"overhead": most}))


def fuzz_command(bench, folder, built, otherwise):
    """`built` where its programs are there and this is a short run; else ./dev, which makes them current."""
    is_built = any((bench.root / "build" / folder / "fuzz").glob("*_" + ("fuzz" if folder == "fuzz" else "replay")))
    if bench.quick and is_built:
        return ["bash", bench.root / "fuzz" / "run.sh", *built]
    if bench.quick or not shutil.which("clang++"):
        raise NotMeasured(f"build/{folder} is not built; ./dev fuzz builds it, which needs clang and takes a while")
    return [bench.root / "dev", "fuzz", *otherwise]


def measure_rates(bench, section):
    binaries = bench.root / "build" / "fuzz" / "fuzz"
    targets = sorted(path.name.removesuffix("_fuzz.cpp") for path in (bench.root / "fuzz").glob("*_fuzz.cpp"))
    targets.remove("canary")
    command = fuzz_command(bench, "fuzz", ["rates", binaries, bench.seconds, *targets],
                           ["--rates", "--time", f"{bench.seconds}s"])
    rates = dict(said(command, r"(?m)^(\w+) +(\d+) executions/s", BUILD_SECONDS_MAX))
    for target in targets:
        if target in rates:
            section.rows.append(Row(f"libFuzzer: {target}", "executions/s", {"ASan, UBSan": [float(rates[target])]}))
        else:
            section.not_measured.append(f"libFuzzer: {target}")


def measure_coverage(bench, section):
    binaries = bench.root / "build" / "fuzz-coverage" / "fuzz"
    command = fuzz_command(bench, "fuzz-coverage", ["coverage", binaries, bench.temporary], ["--coverage"])
    # It fails where too little is covered, which is measured all the same.
    _, out, err = run(command, BUILD_SECONDS_MAX)
    found = re.search(r"lines of engine/: ([\d.]+) %", err)
    if not found:
        raise NotMeasured(f"coverage: {(err or out)[-300:]}")
    least = Target("share", COVERED_PERCENT_MIN, at_least=True, unit=" %")
    row = Row("lines of engine/ by the tracked corpora", "%", {"covered": [float(found[1])]}, absolute={"covered": least})
    section.rows.append(row)


def measure_fuzzing(bench, section):
    for part in (measure_engine, measure_server, measure_client, measure_rates, measure_coverage):
        try:
            part(bench, section)
        except NotMeasured as reason:
            section.not_measured.append(f"{part.__name__.removeprefix('measure_')}: {reason}")
