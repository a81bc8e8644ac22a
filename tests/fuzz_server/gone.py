#!/usr/bin/env python3
"""`counterpart fuzz server` against targets that go: for good with bytes that are no HTTP, or for a while after they have
answered as they should.

    gone.py PROGRAM [gone]

It serves itself, in processes of its own:

    gone.py --serve for-good       the first request of HTTP/9.9 ends it
    gone.py --serve for-a-while    every POST is answered, and then ends it; it is there again soon, as at first
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "wrong_servers"))

from checking import server  # noqa: E402

FUZZ_SECONDS_MAX = 300
FATAL = b"HTTP/9.9"
CONTRACT = """
counterpart: 1
name: counter
title: A counter
servers: [https://counter.example.com]
state:
  tallies: { key: id, items: [] }
operations:
  look:
    request: { method: GET, path: /n }
    responses: { ok: { status: 200, body: { n: "${#tallies}" } } }
    rules: [{ respond: ok }]
  count:
    request: { method: POST, path: /n }
    responses: { ok: { status: 200, body: { n: "${#tallies}" } } }
    rules: [{ do: 'tallies:insert({ id = "t" .. #tallies })', respond: ok }]
"""
TARGET = """
target: counter
contract: counter
url: "{url}"
state: as-contract
limits: {{ timeout: 5s }}
"""
HOOK = "hooks: { before-scenario: { request: { method: POST, url: /reset } } }\n"


# ------------------------------------------------------------ the servers


class Counter:
    def __init__(self, listener, goes_after_post):
        self.listener = listener
        self.goes_after_post = goes_after_post
        self.n = 0
        self.lock = threading.Lock()

    def serve(self):
        try:
            while True:
                threading.Thread(target=self.talk, args=(self.listener.accept()[0],), daemon=True).start()
        except OSError:
            threading.Event().wait()  # it listens no longer; the last answer is still on its way

    def talk(self, connection):
        data = b""
        try:
            while True:
                more = connection.recv(65536)
                data += more
                if FATAL in data and not self.goes_after_post:
                    os._exit(1)
                if not more or b"\r\n\r\n" in data:
                    break
            if data:
                self.answer(connection, data.split(b"\r\n")[0].split(b" "))
            connection.close()
        except OSError:
            pass

    def answer(self, connection, words):
        with self.lock:
            goes = False
            status, body = b"404 Not Found", b"{}"
            if words[1:] == [b"/reset", b"HTTP/1.1"]:
                status = b"200 OK"
                self.n = 0
            elif len(words) != 3 or words[2] != b"HTTP/1.1":
                status = b"400 Bad Request"
            elif words[1].split(b"?")[0] == b"/n" and words[0] in (b"GET", b"POST"):
                self.n += words[0] == b"POST"
                goes = self.goes_after_post and words[0] == b"POST"
                status, body = b"200 OK", b'{"n":%d}' % self.n
            elif words[1].split(b"?")[0] == b"/n":
                status = b"405 Method Not Allowed"
            if goes:  # whoever comes once it has answered finds nobody
                self.listener.shutdown(socket.SHUT_RDWR)
            connection.sendall(b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\n"
                               b"Content-Length: %d\r\n\r\n%s" % (status, len(body), body))
            if goes:
                os._exit(1)


def listen(port):
    """The accepted connections of the one before it may still be there."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


def end_with_stdin(children):
    def wait():
        while sys.stdin.buffer.read(1):
            pass
        for child in children:
            os.kill(child, signal.SIGKILL)
        os._exit(0)
    threading.Thread(target=wait, daemon=True).start()


def serve(kind):
    listener = listen(0)
    port = listener.getsockname()[1]
    print(json.dumps({"url": f"http://127.0.0.1:{port}"}), flush=True)
    children = []
    if kind == "for-good":
        end_with_stdin(children)
        Counter(listener, False).serve()
    is_first = True
    while True:  # this process only waits for the one that serves
        child = os.fork()
        if child == 0:
            Counter(listener, True).serve()
        children[:] = [child]
        if is_first:  # a process that forks has one thread
            end_with_stdin(children)
            is_first = False
        listener.close()
        os.waitpid(child, 0)
        children.clear()
        time.sleep(0.2)
        listener = listen(port)


# ------------------------------------------------------------ the checks


failures = []


def check(what, holds, seen):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}\n{seen}\n", flush=True)


class Fuzzed:
    def __init__(self, program, scratch, url, hook="", options=()):
        folder = scratch / "counter"
        folder.mkdir(exist_ok=True)
        (folder / "contract.yaml").write_text(CONTRACT)
        target = scratch / "counter.target.yaml"
        target.write_text(TARGET.format(url=url) + hook)
        self.out = Path(tempfile.mkdtemp(dir=scratch))
        result = subprocess.run([program, "fuzz", "server", str(folder), "--target", str(target), "--out",
                                 str(self.out), "--quiet", "--seed", "1", *options], stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, errors="replace", timeout=FUZZ_SECONDS_MAX)
        self.exit_code = result.returncode
        self.text = result.stdout + result.stderr
        # "message", once each finding
        self.found = re.findall(r", first after .*\n +(.*)", self.text)


def check_for_good(program, scratch):
    for name, hook in (("without a hook", ""), ("with a hook", HOOK)):
        with server(sys.executable, "-B", __file__, "--serve", "for-good") as url:
            fuzzed = Fuzzed(program, scratch, url, hook, ["--raw", "--max-time", "120s"])
        check(f"{name}: one finding", len(fuzzed.found) == 1, fuzzed.text)
        check(f"{name}: and which", "the target no longer answers" in fuzzed.text, fuzzed.text)
        check(f"{name}: that it was not tried again is told", "It could not be sent once more" in fuzzed.text,
              fuzzed.text)
        check(f"{name}: exit code", fuzzed.exit_code == 1, fuzzed.text)
        saved = [path for path in fuzzed.out.glob("found-*") if FATAL in path.read_bytes()]
        check(f"{name}: the bytes that did it are saved", len(saved) == 1, list(fuzzed.out.iterdir()))
    for file in saved:
        with server(sys.executable, "-B", __file__, "--serve", "for-good") as url:
            fuzzed = Fuzzed(program, scratch, url, "", ["--replay", str(file)])
        check("what was saved shows it", fuzzed.exit_code == 1 and "the target no longer answers" in fuzzed.text,
              fuzzed.text)
        fuzzed = Fuzzed(program, scratch, url, "", ["--replay", str(file)])
        check("a target that is not there shows nothing", fuzzed.exit_code == 3, fuzzed.text)
        check("and has no findings", "no longer answers" not in fuzzed.text, fuzzed.text)


def check_for_a_while(program, scratch):
    with server(sys.executable, "-B", __file__, "--serve", "for-a-while") as url:
        fuzzed = Fuzzed(program, scratch, url, "", ["--max-time", "10s"])
        saved = fuzzed.out / "found-1.json"
        again = Fuzzed(program, scratch, url, "", ["--replay", str(saved)])
    with server(sys.executable, "-B", __file__, "--serve", "for-good") as url:
        right = Fuzzed(program, scratch, url, "", ["--replay", str(saved)])
    check("what was saved shows it", again.exit_code == 1 and "for a while" in again.text, again.text)
    check("but in no server that stays", right.exit_code == 0, right.text)
    check("it is as simple as it can be", json.loads(saved.read_text()) == [{"call": "count", "with": {}}], saved.read_text())
    check("it is told", any("stopped taking connections for a while" in one for one in fuzzed.found), fuzzed.text)
    check("nothing is told of the state that went with it", "state-agrees" not in fuzzed.text, fuzzed.text)
    check("nor anything else", len(fuzzed.found) == 1, fuzzed.text)
    check("the run is whole", fuzzed.exit_code == 1 and "ended early" not in fuzzed.text, fuzzed.text)


def main():
    if sys.argv[1:2] == ["--serve"]:
        return serve(sys.argv[2])
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="gone-") as scratch:
        check_for_good(program, Path(scratch))
        check_for_a_while(program, Path(scratch))
    print(f"{len(failures)} failed" if failures else "all passed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
