"""What ./dev bench measures, one function each, and the targets. Ratios count; absolute numbers are this machine's."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import checking
import contracts
import fuzzing
import scripted
from load import Client, Load, alternate, throughput, wrk
from processes import NotMeasured
from quiet import Rounds
from report import Row, Section, Target
from servers import Answer, resident_mb, start_bare, start_mock, start_nginx

CONNECTIONS = (4, 32, 256)
JSON = ("Content-Type", "application/json")

# What contracts/static answers; the mock is held to it, and it stands in where there is no mock.
STATIC_TARGET = "/items/widget"
STATIC_ANSWER = Answer(
    200, (JSON,), b'{"id":"widget","name":"Widget","price":1250,"currency":"EUR","tags":["small","blue"]}'
)
KEYAUTH_LIST_TARGET = "/api/seller/?sellerkey=sellerkeyhere&type=fetchallsessions"
PANEL_LIST_TARGET = "/api/account/sessions"

OPERATIONS_SMALL, OPERATIONS_LARGE = 3, 10_000
SESSIONS_LARGE, ACCOUNTS_OF_TEN = 1_000_000, 1_000
PAGE_LARGE, PAGE_SIZE = 10_000, 50
MEMORY_REQUESTS_MIN = 100_000


@dataclass
class Bench:
    """What every measurement is given."""

    mock: Path
    bare: Path
    root: Path  # the repository
    temporary: Path
    quick: bool
    built: Path  # the build folder of what only benchmarks need
    quiet: Rounds = field(default_factory=Rounds)  # of the section that is measured

    @property
    def rounds(self):
        return 3 if self.quick else 5

    @property
    def seconds(self):
        return 1 if self.quick else 3

    def folder(self, name):
        made = self.temporary / name
        made.mkdir()
        return made

    def scenario(self, name):
        return self.root / "scenarios" / name

    @property
    def both_contracts(self):
        return self.scenario("keyauth-seller"), self.scenario("panel-sessions")


def at_least(of, bound):
    return Target(of, bound, at_least=True)


def at_most(of, bound, unit=""):
    return Target(of, bound, at_least=False, unit=unit)


def start_all(stack, section, starters):
    """Starts what can be started; the section says what cannot, and why."""
    servers = {}
    for name, start in starters.items():
        try:
            servers[name] = stack.enter_context(start())
        except NotMeasured as reason:
            section.not_measured.append(f"{name}: {reason}")
    return servers


def check_same(servers, target, expected):
    for server in servers.values():
        answer = server.fetch(target)
        if (answer.status, answer.body) != (expected.status, expected.body):
            raise NotMeasured(f"{server.name} answers {answer.status} {answer.body[:200]!r}, not what the others do")


def compare_throughput(bench, section, servers, target, ratios_at, p99_ratios):
    """A row for each number of connections, and one with p99 at the largest; `ratios_at`: connections -> ratios."""
    for connections in CONNECTIONS:
        runs = throughput(bench, servers, Load(connections, bench.seconds, target))
        samples = {name: [run["per_second"] for run in results] for name, results in runs.items()}
        section.rows.append(Row(f"{connections} connections", "requests/s", samples, ratios_at(connections)))
    samples = {name: [run["p99_us"] / 1000 for run in results] for name, results in runs.items()}
    section.rows.append(Row(f"p99 at {connections}", "ms", samples, p99_ratios))


def measure_static(bench, section):
    with ExitStack() as stack:
        servers = start_all(
            stack, section, {"mock": lambda: start_mock(bench.mock, bench.root / "bench" / "contracts" / "static")}
        )
        answer = servers["mock"].fetch(STATIC_TARGET) if servers else STATIC_ANSWER
        servers |= start_all(
            stack,
            section,
            {
                "bare": lambda: start_bare(bench.bare, answer, bench.folder("static-bare")),
                "nginx": lambda: start_nginx(answer, bench.folder("static-nginx")),
            },
        )
        check_same(servers, STATIC_TARGET, STATIC_ANSWER)

        def ratios(connections):
            promised = connections >= 32
            return {
                "mock/bare": at_least("mock/bare", 1.5) if promised else None,
                "mock/nginx": at_least("mock/nginx", 0.6) if promised else None,
            }

        p99 = {"mock/bare": at_most("mock/bare", 1.0), "mock/nginx": None}
        compare_throughput(bench, section, servers, STATIC_TARGET, ratios, p99)


def measure_list(bench, section):
    with ExitStack() as stack:
        mock = stack.enter_context(start_mock(bench.mock, bench.scenario("keyauth-seller")))
        answer = mock.fetch(KEYAUTH_LIST_TARGET)
        if answer.status != 200 or b'"sessions":[{' not in answer.body:
            raise NotMeasured(f"the mock does not list sessions: {answer.status} {answer.body[:200]!r}")
        servers = {"mock": mock}
        servers |= start_all(
            stack, section, {"bare": lambda: start_bare(bench.bare, answer, bench.folder("list-bare"))}
        )
        check_same(servers, KEYAUTH_LIST_TARGET, answer)
        compare_throughput(
            bench,
            section,
            servers,
            KEYAUTH_LIST_TARGET,
            lambda connections: {"mock/bare": at_least("mock/bare", 1.2) if connections >= 32 else None},
            {"mock/bare": at_most("mock/bare", 1.0)},
        )


def measure_operations(bench, section):
    small, large = f"{OPERATIONS_SMALL} operations", f"{OPERATIONS_LARGE:,} operations"
    ratio = f"{large}/{small}"
    folder = bench.folder("operations")
    for label, placed in (
        ("each on its own path", contracts.on_its_path),
        ("on one path, told apart by type", contracts.on_one_path),
    ):
        try:
            with ExitStack() as stack:
                servers, loads = {}, {}
                for name, count in ((small, OPERATIONS_SMALL), (large, OPERATIONS_LARGE)):
                    written = contracts.write_operations(folder / f"{placed.__name__}-{count}", count, placed)
                    targets = contracts.write_targets(written / "targets", count, placed, OPERATIONS_LARGE)
                    servers[name] = stack.enter_context(start_mock(bench.mock, written, name=name))
                    loads[name] = Load(32, bench.seconds, targets_file=targets)
                runs = throughput(bench, servers, loads)
                samples = {name: [run["per_second"] for run in results] for name, results in runs.items()}
                section.rows.append(Row(label, "requests/s", samples, {ratio: at_least(ratio, 0.95)}))
        except NotMeasured as reason:
            section.not_measured.append(f"{label}: {reason}")


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def ask_well(client, *arguments, **more):
    """The microseconds of a request that must be answered with 200."""
    status, body, microseconds = client.ask(*arguments, **more)
    if status != 200:
        raise NotMeasured(f"{client.server.name} answers {status} {body[:200]!r} to {arguments[0]}")
    return microseconds


def measure_sessions(bench, section):
    folder = bench.folder("sessions")
    with ExitStack() as stack:
        clients = {}
        for name, accounts, each in (("ten", ACCOUNTS_OF_TEN, 10), ("million", 1, SESSIONS_LARGE)):
            state = contracts.panel_state(accounts, each)
            written = contracts.write_with_state(folder / name, bench.scenario("panel-sessions") / "contract.yaml", state)
            server = stack.enter_context(start_mock(bench.mock, written, name=name))
            clients[name] = stack.enter_context(Client(server))
        section.rows.append(page_row(bench, clients["million"]))
        section.rows.append(delete_row(bench, clients))


def page_row(bench, client):
    def page(number):
        target = f"{PANEL_LIST_TARGET}?page={number}&limit={PAGE_SIZE}"
        return lambda: ask_well(client, target, bearer(contracts.account_key(1)))

    first, far = "page 1", f"page {PAGE_LARGE:,}"
    samples = alternate({first: page(1), far: page(PAGE_LARGE)}, 100 if bench.quick else 400)
    ratio = f"{far}/{first}"
    return Row(f"a page of {PAGE_SIZE}", "us", samples, {ratio: at_most(ratio, 1.2)})


def delete_row(bench, clients):
    def delete(name, nth):
        """Deletes one that is still there: nth(how many so far) is its account and its number."""
        done = 0

        def one():
            nonlocal done
            done += 1
            account, session = nth(done)
            target = f"{PANEL_LIST_TARGET}/{contracts.session_token(account, session)}"
            return ask_well(clients[name], target, bearer(contracts.account_key(account)), method="DELETE")

        return one

    # Each account of ten loses one, so that it is always one among ten; alternate() warms up with the first.
    rounds = 100 if bench.quick else ACCOUNTS_OF_TEN - 1
    step = SESSIONS_LARGE // (rounds + 2)  # all over the account
    ten, million = "among ten", f"among {SESSIONS_LARGE:,}"
    samples = alternate(
        {ten: delete("ten", lambda i: (i, 5)), million: delete("million", lambda i: (1, i * step))}, rounds
    )
    ratio = f"{million}/{ten}"
    return Row("a delete", "us", samples, {ratio: at_most(ratio, 2.0)})


def measure_start(bench, section):
    def first_answer():
        started = time.perf_counter_ns()
        with start_mock(bench.mock, *bench.both_contracts) as server, Client(server) as client:
            ask_well(client, KEYAUTH_LIST_TARGET)
            return (time.perf_counter_ns() - started) / 1e6

    samples = alternate({"mock": first_answer}, 20, bench.quiet)
    section.rows.append(Row("first answer", "ms", samples, absolute={"mock": at_most("median", 20, " ms")}))


def measure_memory(bench, section):
    targets = bench.folder("memory") / "targets"
    targets.write_text(f"GET\t{KEYAUTH_LIST_TARGET}\nGET\t{PANEL_LIST_TARGET}\tAuthorization: Bearer YOUR_API_KEY\n")
    with start_mock(bench.mock, *bench.both_contracts) as server:
        at_start, answered = resident_mb(server.pid), 0
        while answered < MEMORY_REQUESTS_MIN:
            answered += wrk(server, Load(32, 1, targets_file=targets))["requests"]
        after = resident_mb(server.pid)
    section.rows.append(
        Row(
            f"after {answered:,} requests",
            "MB",
            {"at start": [at_start], "after": [after]},
            absolute={"after": at_most("resident", 20, " MB")},
        )
    )


MEASUREMENTS = {
    "static": ("a documented response without state, against cpp-httplib's stock loop and nginx", measure_static),
    "list": ("the list of the KeyAuth sessions (state and a template), against the stock loop", measure_list),
    "operations": (f"{OPERATIONS_LARGE:,} operations against {OPERATIONS_SMALL}, 32 connections", measure_operations),
    "sessions": (f"an account with {SESSIONS_LARGE:,} sessions, one request after the other", measure_sessions),
    "start": ("from starting the program, with the two contracts, to its first answer", measure_start),
    "play": (
        "entries of `play` that never have their turn, 32 connections",
        lambda bench, section: scripted.measure_play(bench, section, STATIC_TARGET),
    ),
    "journal": (
        "the journal against none, 32 connections",
        lambda bench, section: scripted.measure_journal(bench, section, STATIC_TARGET, KEYAUTH_LIST_TARGET),
    ),
    "spaces": (
        f"{scripted.SPACES:,} spaces in turn, 32 connections",
        lambda bench, section: scripted.measure_spaces(bench, section, KEYAUTH_LIST_TARGET),
    ),
    "soak": (
        f"{scripted.SOAK_REQUESTS_MIN:,} requests with faults on",
        lambda bench, section: scripted.measure_soak(bench, section, KEYAUTH_LIST_TARGET),
    ),
    "checking": ("`check` and `prove`: from start to exit, and generated exchanges", checking.measure_checking),
    "fuzzing": ("in process, over the wire, and what the corpora cover", fuzzing.measure_fuzzing),
    "memory": (f"resident, with the two contracts, after {MEMORY_REQUESTS_MIN:,} requests", measure_memory),
}


def measure(name, bench, measurements=MEASUREMENTS):
    """Runs one; what it needs and does not find ends up in the section, never in silence."""
    title, run = measurements[name]
    section = Section(name, title)
    bench.quiet = Rounds()
    try:
        run(bench, section)
    except NotMeasured as reason:
        section.not_measured.append(str(reason))
    section.note = bench.quiet.note()
    return section
