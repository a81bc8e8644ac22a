"""The same documented responses from other mocks, side by side with ours: ./dev bench --peers. Used by run.py.

Each peer is installed from the npm registry below build/bench/peers, never globally, and started in its quiet form: no
journal of requests and no line for each, where it can be told so. Ours keeps the journal that it has by default.
"""

import json
import os
import shutil
import signal
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

import contracts
import peer_configs
from load import Load, alternate, throughput, wrk
from measurements import check_same, start_all
from processes import NotMeasured, end, run, spawn
from report import Row, Section
from servers import Answer, Server, drain, free_port, resident_mb, start_mock


@dataclass(frozen=True)
class Peer:
    """A mock from the npm registry: what it is started with, and what it reads."""

    package: str
    version: str
    runtime: str
    program: str  # below node_modules
    options: str
    file: str
    config: Callable  # of the stubs and the port: what `file` holds

    def command(self, modules, **values):
        """The words of its command line; `values` fill the braces."""
        program = os.path.join(modules, self.program.format(version=self.version))
        return [*self.runtime.split(), program, *(word.format(**values) for word in self.options.split())]


# The newest versions that run on Debian 12's Node 18 and Java 17.
PEERS = {
    "wiremock": Peer(
        "wiremock",
        "3.13.2",
        "java -jar",
        "wiremock/build/wiremock-standalone-{version}.jar",
        "--root-dir {folder} --bind-address 127.0.0.1 --port {port}"
        " --no-request-journal --disable-request-logging --disable-banner",
        "mappings/stubs.json",
        peer_configs.wiremock_config,
    ),
    "mountebank": Peer(
        "mountebank",
        "2.9.1",
        "node",
        "mountebank/bin/mb",
        "start --configfile {file} --noParse --pidfile {folder}/pid --host 127.0.0.1 --localOnly --port {admin_port}"
        " --nologfile --loglevel error",
        "imposters.json",
        peer_configs.mountebank_config,
    ),
    "prism": Peer(
        "@stoplight/prism-cli",
        "5.14.2",
        "node",
        "@stoplight/prism-cli/dist/index.js",
        "mock {file} --host 127.0.0.1 --port {port} --cors false --verboseLevel silent",
        "openapi.json",
        peer_configs.prism_config,
    ),
    "mockoon": Peer(
        "@mockoon/cli",
        "9.9.0",
        "node",
        "@mockoon/cli/bin/run.js",
        "start --data {file} --hostname 127.0.0.1 --port {port}"
        " --disable-log-to-file --disable-admin-api --max-transaction-logs 1",
        "environment.json",
        peer_configs.mockoon_config,
    ),
}

OURS = "counterpart"
STUB_COUNTS = (1, 1_000)
CONNECTIONS = 32
TARGETS = 1_000  # requests that wrk goes through, shuffled: each stub as often as any other
WARM_UP = 3  # times as long as a counted run, for the sake of just-in-time compilers
STARTS = 3
INSTALL_SECONDS_MAX, START_SECONDS_MAX, POLL_SECONDS = 300, 60, 0.005
SAID_MAX = 400  # characters of what a program said before it failed

TITLE = f"the same documented responses from other mocks, {CONNECTIONS} connections"


def settings(bench):
    """What runs, in which version and with which options; for people and for the JSON."""

    def version(program):
        try:
            return run([program, "--version"], START_SECONDS_MAX)[1].split("\n")[0]
        except NotMeasured:
            return "not installed"

    told = {OURS: f"{version(bench.mock)}: counterpart mock FOLDER --quiet"}
    for name, peer in PEERS.items():
        words = peer.command("", folder="FOLDER", file=peer.file, port="PORT", admin_port="PORT")
        told[name] = f"{peer.package} {peer.version}: {' '.join(words)}"
    return told | {program: version(program) for program in ("node", "java")}


def install(name, peer, folder):
    """The peer's node_modules; npm fills it when it is not there."""
    program = peer.runtime.split()[0]
    if not shutil.which(program):
        raise NotMeasured(f"{program} is not installed")
    modules = folder / name / "node_modules"
    manifest = modules / peer.package / "package.json"
    whole = (modules / ".package-lock.json").is_file()  # npm writes it last
    if whole and manifest.is_file() and json.loads(manifest.read_text())["version"] == peer.version:
        return modules
    npm = shutil.which("npm")
    if not npm:
        raise NotMeasured("npm is not installed")
    print(f"  installing {peer.package} {peer.version} below {folder}", flush=True)
    modules.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", modules.parent, "--ignore-scripts", "--no-audit", "--no-fund"]
    command += ["--loglevel", "error", "--fetch-retries", "1", "--save-exact", f"{peer.package}@{peer.version}"]
    code, _, err = run(command, INSTALL_SECONDS_MAX)
    if code:
        raise NotMeasured(f"npm could not install {peer.package} {peer.version}: {' '.join(err.split())[:SAID_MAX]}")
    return modules


def family(pid):
    """The ids of a process and of all that descend from it."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


class PeerServer(Server):
    """A peer; leaving it ends its children too."""

    def __exit__(self, *_):
        children = family(self.pid)[1:]
        end(self.process)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def ours(bench):
    """Prepares our own start; see start()."""

    def prepare(stubs, folder):
        contract = contracts.write_operations(folder / "things", len(stubs), contracts.on_its_path)
        return lambda: start_mock(bench.mock, contract, name=OURS)

    return prepare


def theirs(name, peer, modules):
    """Prepares a peer's start; see start()."""

    def prepare(stubs, folder):
        port = free_port()
        file = folder / peer.file
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(peer.config(stubs, port)), encoding="utf-8")
        words = peer.command(modules, folder=folder, file=file, port=port, admin_port=free_port())
        return lambda: PeerServer(name, spawn(["env", f"HOME={folder}", *words]), port)

    return prepare


def start(bench, prepare, stubs):
    """A server that has just given its first right answer, and how many milliseconds that took.

    `prepare` writes what the server reads, which is not counted, and returns a function that starts it.
    """
    spawned = prepare(stubs, Path(tempfile.mkdtemp(dir=bench.temporary)))
    began = time.perf_counter_ns()
    with ExitStack() as stack:
        server = stack.enter_context(spawned())
        await_answer(server, stubs[-1])
        milliseconds = (time.perf_counter_ns() - began) / 1e6
        if server.name != OURS:  # start_mock sees to its pipes
            drain(server.process.stdout)
            drain(server.process.stderr)
        stack.pop_all()
    return server, milliseconds


def await_answer(server, stub):
    last = "did not answer"
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and server.process.poll() is None:
        with suppress(NotMeasured):  # it does not listen yet
            answer = server.fetch(stub.path)
            if (answer.status, answer.body) == (200, stub.body.encode()):
                return
            last = f"answered {answer.status} {answer.body[:200]!r}"
        time.sleep(POLL_SECONDS)
    if server.process.poll() is None:
        raise NotMeasured(f"{last} within {START_SECONDS_MAX} s")
    raise NotMeasured(f"did not start: {last_words(server.process) or 'it said nothing'}")


def last_words(process):
    """What an ended process said, without waiting for others that may hold its pipes."""
    said = b""
    for pipe in (process.stdout, process.stderr):
        os.set_blocking(pipe.fileno(), False)
        said += pipe.read() or b""
    return " ".join(said.decode(errors="replace").split())[-SAID_MAX:]


def start_checked(bench, prepare, stubs, load):
    """A server whose every answer is right, warmed up."""
    server, _ = start(bench, prepare, stubs)
    with ExitStack() as stack:
        stack.enter_context(server)
        for stub in stubs:
            check_same({server.name: server}, stub.path, Answer(200, (), stub.body.encode()))
        wrk(server, load)
        stack.pop_all()
    return server


def start_time(bench, prepare, stubs):
    server, milliseconds = start(bench, prepare, stubs)
    with server:
        return milliseconds


def add_rows(section, label, unit, samples):
    """A row with the samples, and one with their medians against ours."""
    row = Row(label, unit, samples)
    medians = row.medians()
    section.rows.append(row)
    if OURS in medians:
        against = {name: [median / medians[OURS]] for name, median in medians.items()}
        section.rows.append(Row(f"  against {OURS}", "times", against))


def measure_stubs(bench, section, contestants, count, label):
    stubs = peer_configs.stubs(count)
    file = bench.temporary / f"peers-{count}"
    targets = contracts.write_targets(file, count, contracts.on_its_path, TARGETS)
    load = Load(CONNECTIONS, bench.seconds, targets_file=targets)
    warm_up = replace(load, seconds=WARM_UP * bench.seconds)
    with ExitStack() as stack:
        starters = {
            name: lambda prepare=prepare: start_checked(bench, prepare, stubs, warm_up)
            for name, prepare in contestants.items()
        }
        servers = start_all(stack, section, starters)
        runs = throughput(bench, servers, load)
        memory = {name: [sum(map(resident_mb, family(server.pid)))] for name, server in servers.items()}
    starts = alternate({name: lambda n=name: start_time(bench, contestants[n], stubs) for name in servers}, STARTS)

    def of_runs(number):
        return {name: [number(one) for one in results] for name, results in runs.items()}

    add_rows(section, label, "requests/s", of_runs(lambda one: one["per_second"]))
    add_rows(section, f"{label}, p99", "ms", of_runs(lambda one: one["p99_us"] / 1000))
    add_rows(section, f"{label}, first answer", "ms", starts)
    add_rows(section, f"{label}, resident after", "MB", memory)


def measure_peers(bench, section):
    contestants = {OURS: ours(bench)}
    for name, peer in PEERS.items():
        try:
            contestants[name] = theirs(name, peer, install(name, peer, bench.root / "build" / "bench" / "peers"))
        except NotMeasured as reason:
            section.not_measured.append(f"{name}: {reason}")
    for count in STUB_COUNTS:
        label = f"{count:,} stub{'s' if count > 1 else ''}"
        part = Section("", "")
        try:
            measure_stubs(bench, part, contestants, count, label)
        except NotMeasured as reason:
            part.not_measured.append(str(reason))
        section.rows += part.rows
        section.not_measured += [f"{label}: {reason}" for reason in part.not_measured]
