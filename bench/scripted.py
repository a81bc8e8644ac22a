"""What ./dev bench measures of a mock that is scripted, remembers and serves many tests: used by measurements.py."""

import shutil

from load import Load, throughput, wrk
from processes import NotMeasured
from report import Row, Target
from servers import resident_mb, start_mock

CONNECTIONS = 32
ENTRIES = 100  # of `play`, none of which ever has its turn
SPACES = 1_000
SPACE_KIB_MAX = 64
SOAK_REQUESTS_MIN, SOAK_SETTLED_AFTER = 1_000_000, 100_000
SOAK_SECONDS_A_ROUND = 5

SOAK_SCENARIO = """\
scenario: soak
play:
  - { on: "*", chance: 0.002, fault: connection-reset }
  - { on: "*", chance: 0.002, fault: empty-response }
  - { on: "*", chance: 0.002, fault: { truncate: { at: 40% } } }
  - { on: "*", chance: 0.01, fault: { split: { at: [30%, 60%] } } }
  - { on: "*", chance: 0.002, fault: { stall: { at: 10, for: 20ms } } }
  - { on: "*", chance: 0.002, fault: { garbage: { bytes: 500 } } }
  - { on: "*", chance: 0.002, fault: malformed-chunk }
  - { on: "*", chance: 0.01, fault: invalid-json }
  - { on: "*", chance: 0.01, delay: { uniform: [1ms, 20ms] } }
  - { on: "*", chance: 0.01, override: { status: 503, body: { error: busy } } }
"""


def play_of(entry):
    return "scenario: idle\nplay:\n" + f"  - {entry}\n" * ENTRIES


def copied(bench, contract_folder, name, scenario):
    """The contract in a folder of its own, with one scenario."""
    folder = bench.folder(name)
    shutil.copy(contract_folder / "contract.yaml", folder)
    (folder / "x.scenario.yaml").write_text(scenario, encoding="utf-8")
    return folder


def compare(bench, section, label, contestants, target, base, ratio_min):
    """A row of requests a second; `contestants`: name -> what start_mock is given, and the load's targets file."""
    try:
        servers, loads = {}, {}
        for name, (arguments, options, targets) in contestants.items():
            servers[name] = start_mock(bench.mock, *arguments, name=name, options=options)
            loads[name] = Load(CONNECTIONS, bench.seconds, target or "/", targets_file=targets)
        runs = throughput(bench, servers, loads)
        samples = {name: [run["per_second"] for run in results] for name, results in runs.items()}
        ratios = {
            f"{name}/{base}": Target(f"{name}/{base}", ratio_min, at_least=True) if ratio_min else None
            for name in servers
            if name != base
        }
        section.rows.append(Row(label, "requests/s", samples, ratios))
    except NotMeasured as reason:
        section.not_measured.append(f"{label}: {reason}")
    finally:
        for server in servers.values():
            server.__exit__()


def measure_play(bench, section, static_target):
    static = bench.root / "bench" / "contracts" / "static"
    other = copied(bench, static, "play-other", play_of("{ on: deleteItem, fault: connection-reset }"))
    when = copied(bench, static, "play-when", play_of("{ on: getItem, when: query.never == 1, delay: 1s }"))
    one = copied(
        bench, static, "play-one", "scenario: idle\nplay: [{ on: getItem, when: query.never == 1, delay: 1s }]\n"
    )
    scenario = ["--scenario", "idle"]
    for label, folder, ratio_min in (
        (f"{ENTRIES} entries for another operation", other, 0.95),
        ("1 entry whose `when` is false", one, None),
        (f"{ENTRIES} entries whose `when` is false", when, None),
    ):
        contestants = {"no play": ([static], [], None), "play": ([folder], scenario, None)}
        compare(bench, section, label, contestants, static_target, "no play", ratio_min)


def measure_journal(bench, section, static_target, list_target):
    static = bench.root / "bench" / "contracts" / "static"
    keyauth = bench.scenario("keyauth-seller")
    off = ["--journal-entries", "0"]
    for label, folder, target in (("without state", static, static_target), ("the KeyAuth list", keyauth, list_target)):
        contestants = {"off": ([folder], off, None), "journal": ([folder], [], None)}
        compare(bench, section, label, contestants, target, "off", 0.9)


def measure_spaces(bench, section, list_target):
    keyauth = bench.scenario("keyauth-seller")
    files = bench.folder("spaces")
    one, many = files / "one", files / "many"
    one.write_text("".join(f"GET\t/~space-0000{list_target}\tX-Number: {i:04d}\n" for i in range(SPACES)))
    many.write_text("".join(f"GET\t/~space-{i:04d}{list_target}\tX-Number: {i:04d}\n" for i in range(SPACES)))
    contestants = {"one space": ([keyauth], [], one), f"{SPACES:,} spaces": ([keyauth], [], many)}
    compare(bench, section, "the KeyAuth list", contestants, None, "one space", 0.9)

    with start_mock(bench.mock, *bench.both_contracts) as server:
        wrk(server, Load(CONNECTIONS, 1, list_target))
        before = resident_mb(server.pid)
        wrk(server, Load(CONNECTIONS, bench.seconds, targets_file=many))
        after = resident_mb(server.pid)
    each = (after - before) * 1e6 / 1024 / SPACES
    section.rows.append(
        Row("memory of a space in use", "KiB", {"each": [each]}, absolute={"each": Target("each", SPACE_KIB_MAX, False)})
    )


def measure_soak(bench, section, list_target):
    folder = copied(bench, bench.scenario("keyauth-seller"), "soak", SOAK_SCENARIO)
    answered, settled = 0, None
    requests_min = SOAK_REQUESTS_MIN // 10 if bench.quick else SOAK_REQUESTS_MIN
    with start_mock(bench.mock, folder, options=["--scenario", "soak", "--seed", "1"]) as server:
        while answered < requests_min:
            seconds = 1 if settled is None else SOAK_SECONDS_A_ROUND
            answered += wrk(server, Load(CONNECTIONS, seconds, list_target), errors_allowed=True)["requests"]
            if settled is None and answered >= min(SOAK_SETTLED_AFTER, requests_min // 2):
                settled = resident_mb(server.pid)
        after = resident_mb(server.pid)
    section.rows.append(
        Row(
            f"growth after {SOAK_SETTLED_AFTER:,} of {answered:,} requests",
            "MB",
            {"settled": [settled], "after": [after], "growth": [after - settled]},
            absolute={"growth": Target("growth", 5, False, " MB")},
        )
    )
