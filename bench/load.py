"""Puts load on servers and measures it: throughput with wrk, latency of single requests over one connection.

Whatever is compared is measured in turn (A B C A B C ...), so that a slow moment of the machine meets all of them.
"""

import json
import shutil
import socket
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import processes
from processes import NotMeasured

DRIVER = Path(__file__).resolve().parent / "wrk" / "drive.lua"
WRK_SECONDS_EXTRA_MAX = 60


@dataclass(frozen=True)
class Load:
    """One run of wrk: what it asks for and how long."""

    connections: int
    seconds: int
    target: str = "/"
    targets_file: Path = None  # a line each request, see wrk/drive.lua; instead of `target`


def wrk(server, load, errors_allowed=False):
    """One run against one server: requests per second, p50 and p99 in microseconds, the number of requests."""
    binary = shutil.which("wrk")
    if not binary:
        raise NotMeasured("wrk is not installed")
    command = [binary, "-t1", f"-c{load.connections}", f"-d{load.seconds}s", "--timeout", "10s"]
    command += ["-s", str(DRIVER), server.url + load.target]
    if load.targets_file:
        command += ["--", str(load.targets_file)]
    code, out, err = processes.run(command, load.seconds + WRK_SECONDS_EXTRA_MAX)
    if code or not out:
        raise NotMeasured(f"wrk failed against {server.name}: {err or out}")
    result = json.loads(out.splitlines()[-1])
    errors = {kind: count for kind, count in result["errors"].items() if count}
    if errors and not errors_allowed:
        raise NotMeasured(f"{server.name} at {load.connections} connections: wrk counted errors {errors}")
    result["per_second"] = result["requests"] * 1e6 / result["microseconds"]
    return result


def alternate(runs, rounds, quiet=None):
    """Calls each of `runs` (name -> function) once a round, in turn, after one call each that is not counted.

    `quiet` (quiet.Rounds): plays disturbed rounds again. Returns name -> list of what the calls returned.
    """

    def one_round():
        return {name: run() for name, run in runs.items()}

    one_round()
    played = quiet.play(one_round, rounds) if quiet else [one_round() for _ in range(rounds)]
    return {name: [results[name] for results in played] for name in runs}


def throughput(bench, servers, loads):
    """wrk against each of `servers` (name -> Server) in turn; `loads` is one Load for all or one a name."""
    load_of = loads if isinstance(loads, dict) else dict.fromkeys(servers, loads)
    runs = {name: lambda s=server, n=name: wrk(s, load_of[n]) for name, server in servers.items()}
    return alternate(runs, bench.rounds, bench.quiet)


def medians(samples):
    return {name: statistics.median(values) for name, values in samples.items()}


class Client:
    """One keep-alive connection, one request at a time; a context manager."""

    def __init__(self, server):
        self.server = server
        self.socket = socket.create_connection((server.host, server.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, target, headers=None, method="GET"):
        """Sends one request; returns status, body and the microseconds from the first byte out to the last one in."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.server.host}:{self.server.port}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        started = time.perf_counter_ns()
        self.socket.sendall(request)
        received = self._more(b"")
        while (head_end := received.find(b"\r\n\r\n")) < 0:
            received = self._more(received)
        head = received[:head_end].decode("latin-1").split("\r\n")
        length = next((int(h.split(":")[1]) for h in head if h.lower().startswith("content-length:")), 0)
        whole = head_end + 4 + length
        while len(received) < whole:
            received = self._more(received)
        microseconds = (time.perf_counter_ns() - started) / 1000
        return int(head[0].split(" ")[1]), received[head_end + 4 : whole], microseconds

    def _more(self, received):
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise NotMeasured(f"{self.server.name} closed the connection")
        return received + piece
