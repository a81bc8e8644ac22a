#!/usr/bin/env python3
"""The server of ../wrong_servers/panel.py with bugs that only odd requests, or some requests in a row, bring to light: for
`counterpart fuzz server`. When it crashes, the next one takes its place, with a fresh state.

    planted.py [--bugs all|none|NAME,...] [--log FILE] --until-stdin-ends     prints {"url": "..."} once it listens
    planted.py --list                                                         names of the bugs, what finds each

Bugs that only bytes bring to light which are no HTTP: crash-on-bad-line, failure-on-many-headers,
silence-on-half-a-request.

--log gets every request line, header and body, as they came. POST /reset and POST /clock are those of panel.py.
"""

import argparse
import json
import os
import socket
import sys
import threading
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "wrong_servers"))

from panel import Handler, Panel, Problem  # noqa: E402
from serving import Server  # noqa: E402

BUGS = {}  # name: what a finding says of it, "check subject"
CRASH = "no-server-error {}: what came is no HTTP response"


def bug(says):
    def add(function):
        BUGS[function.__name__.replace("_", "-")] = says
        return function
    return add


class Planted(Panel):
    """Every bug asks has() first."""

    bugs = frozenset()

    def has(self, name):
        return name in self.bugs

    def reset(self):
        super().reset()
        self.revoked = []
        self.was_refused = False

    # ------------------------------------------------------------ crashes

    def number(self, name, values, least, most):
        value, problem = super().number(name, values, least, most)
        if name == "page" and not problem:
            self.crash_on_large_page(value)
        if problem:
            self.was_refused = True
        return value, problem

    @bug(CRASH.format("listSessions"))
    def crash_on_large_page(self, value):
        if self.has("crash-on-large-page") and value > 2**31:
            os._exit(11)

    @bug(CRASH.format("revokeSession"))
    def crash_on_control_character(self, token):
        if self.has("crash-on-control-character") and any(ord(c) < 32 for c in token):
            os._exit(12)

    @bug(CRASH.format("*"))
    def crash_on_many_ranges(self, headers):
        if self.has("crash-on-many-ranges") and (headers.get("Range") or "").count(",") > 2:
            os._exit(13)

    @bug(CRASH.format("*"))
    def crash_on_deep_json(self, body):
        if self.has("crash-on-deep-json") and body[:1] in (b"[", b"{"):
            try:
                json.loads(body)
            except RecursionError:
                os._exit(14)
            except ValueError:
                pass

    # ------------------------------------------------------------ a hang, a failure

    @bug("no-server-error *: no answer came in time")
    def hang_on_unknown_expectation(self, headers):
        return self.has("hang-on-unknown-expectation") and headers.get("Expect", "100-continue") != "100-continue"

    @bug("no-server-error revokeSession: the server failed with status 500")
    def failure_on_past_ascii(self, token):
        if self.has("failure-on-past-ascii") and any(ord(c) > 0x2000 for c in token):
            raise Problem(500, "cannot encode")

    # ------------------------------------------------------------ state

    @bug("state-agrees listSessions/listed")
    def second_revocation_undoes_the_first(self, going):
        if not self.has("second-revocation-undoes-the-first"):
            return
        if self.revoked and len(self.revoked) == 1:
            first = self.revoked[0]
            self.sessions[first["token"]] = first
        self.revoked += going

    @bug("documented-response revokeSession/session-not-found")
    def anybody_may_revoke(self, token):
        if self.has("anybody-may-revoke") and token in self.sessions and not self.is_over(self.sessions[token]):
            return self.sessions[token]
        return None

    @bug("state-agrees listSessions/listed")
    def refusal_is_counted(self, total):
        return total + 1 if self.has("refusal-is-counted") and self.was_refused else total

    @bug("documented-status listSessions/listed")
    def page_past_all_is_no_content(self, page):
        return self.has("page-past-all-is-no-content") and page > 1000

    # ------------------------------------------------------------ where they bite

    def total(self, sessions, shown):
        return self.refusal_is_counted(super().total(sessions, shown))

    def list(self, key, query):
        status, body = super().list(key, query)
        return (204, None) if self.page_past_all_is_no_content(body["pagination"]["page"]) else (status, body)

    def find(self, key, token):
        self.crash_on_control_character(token)
        self.failure_on_past_ascii(token)
        return super().find(key, token) or self.anybody_may_revoke(token)

    def forget(self, sessions):
        super().forget(sessions)
        self.second_revocation_undoes_the_first(sessions)


class PlantedHandler(Handler):
    log = None

    def answer(self):
        if self.log is not None:
            self.log.write(f"{self.requestline}\n{self.headers.as_string()}".encode("latin-1", "replace"))
            self.log.flush()
        self.panel.crash_on_many_ranges(self.headers)
        if self.panel.hang_on_unknown_expectation(self.headers):
            threading.Event().wait()
        super().answer()

    def parse_request(self):
        if self.panel.has("crash-on-bad-line") and len(self.raw_requestline.split()) not in (0, 3):
            os._exit(15)
        if self.panel.has("silence-on-half-a-request") and not self.raw_requestline.endswith(b"\n"):
            threading.Event().wait()
        return super().parse_request()

    def send_error(self, code, message=None, explain=None):
        if self.panel.has("failure-on-many-headers") and code == 431:
            code = 500
        super().send_error(code, message, explain)

    def read_body(self):
        body = super().read_body()
        if self.log is not None and body:
            self.log.write(body + b"\n")
            self.log.flush()
        self.panel.crash_on_deep_json(body)
        return body

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer


def serve(listener):
    """For as long as nothing crashes it."""
    PlantedHandler.panel = Planted()
    server = Server(listener.getsockname(), PlantedHandler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.serve_forever()


def keep_serving(listener):
    while True:
        child = os.fork()
        if child == 0:
            serve(listener)
            os._exit(0)
        children.append(child)
        os.waitpid(child, 0)
        children.remove(child)


children = []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bugs", default="all")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--until-stdin-ends", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print(json.dumps(BUGS, indent=2))
        return
    names = {"all": BUGS, "none": ()}.get(options.bugs) if options.bugs in ("all", "none") else options.bugs.split(",")
    Planted.bugs = frozenset(names)
    if options.log:
        PlantedHandler.log = options.log.open("ab")
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    threading.Thread(target=keep_serving, args=(listener,), daemon=True).start()
    sys.stdin.read()
    for child in list(children):
        os.kill(child, 9)
    os._exit(0)


if __name__ == "__main__":
    main()
