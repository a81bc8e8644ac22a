#!/usr/bin/env python3
"""An implementation of scenarios/panel-sessions by somebody else: right as it stands, and wrong in one way when started
with --defect NAME (panel_defects.py). Only what Python brings along.

    panel.py [--defect NAME] [--port 0]     prints {"url": "..."} once it listens
        --until-stdin-ends                  ends with its stdin, so with whoever has started it
    panel.py --list                         prints the names of the defects

POST /reset brings back the state and the clock that the contract begins with; POST /clock?advance_ms=N moves the clock.
"""

import json
import re
import sys
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, unquote

from serving import AnsweringHandler, BodyTooLong, serve

START = datetime(2024, 3, 15, 14, 30, tzinfo=timezone.utc)
PATH = "/api/account/sessions"


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def session(owner, token, issued, days=30, **rest):
    """What a login leaves behind; `rest` over what most of them have."""
    expires = issued + timedelta(days=days)
    return {
        "token": token,
        "issuedAt": iso(issued),
        "expiresAt": iso(expires),
        "expiresAtTimestamp": round(expires.timestamp() * 1000),
        "isCurrent": False,
        "firstSeenAt": iso(issued),
        "fingerprint": None,
        "owner": owner,
        **rest,
    }


def initial_sessions():
    yield session("YOUR_API_KEY", "session_abc123xyz789", day("2024-03-01T10:00"), isCurrent=True,
                  ipAddress="192.168.1.100", userAgent="Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
                  browser="Chrome", os="Windows 10", device="Desktop", lastSeenAt="2024-03-15T14:30:00.000Z",
                  fingerprint="fp_1a2b3c4d5e6f", expiresAtTimestamp=1711882800000)  # an hour late in the document too
    yield session("YOUR_API_KEY", "session_def456uvw012", day("2024-02-25T08:15"), ipAddress="192.168.1.101",
                  userAgent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) AppleWebKit/605.1.15",
                  browser="Safari", os="iOS 17", device="Mobile", lastSeenAt="2024-03-14T19:02:11.000Z")
    yield session("YOUR_API_KEY", "session_ghi789rst345", day("2024-02-20T21:40"), ipAddress="203.0.113.7",
                  userAgent="Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0",
                  browser="Firefox", os="Linux", device="Desktop", lastSeenAt="2024-03-02T07:55:30.000Z")
    yield session("YOUR_API_KEY", "session_old000old000", day("2024-02-01T10:00"), ipAddress="198.51.100.20",
                  userAgent="Mozilla/5.0 (Macintosh; Intel Mac OS X 14_2) AppleWebKit/605.1.15",
                  browser="Safari", os="macOS", device="Desktop", lastSeenAt="2024-02-28T12:00:00.000Z")
    for i in range(1, 121):
        yield session("BUSY_API_KEY", f"session_busy_{i:03d}", day("2024-03-01T00:00") + timedelta(hours=i),
                      ipAddress=f"10.0.0.{i}", userAgent="curl/8.5.0", browser="curl", os="Linux", device="Server",
                      lastSeenAt="2024-03-15T12:00:00.000Z")


INITIAL_SESSIONS = {one["token"]: one for one in initial_sessions()}


class Problem(Exception):
    """An answer that is not what was asked for."""

    def __init__(self, status, message, **more):
        super().__init__(message)
        self.status = status
        self.body = {"error": True, "statusCode": status, "statusMessage": "Server Error", "message": message, **more}


class Panel:
    """The right one. Defects override its methods."""

    default_limit = 50

    def __init__(self):
        self.reset()

    def reset(self):
        self.now = START
        self.accounts = {"YOUR_API_KEY": "session_abc123xyz789", "BUSY_API_KEY": None, "EMPTY_API_KEY": None}
        self.sessions = dict(INITIAL_SESSIONS)

    def advance(self, milliseconds):
        self.now += timedelta(milliseconds=milliseconds)

    # -------------------------------------------------------------------------------------------- requests

    def answer(self, method, path, query, authorization):
        """(status, body)"""
        tail = path.removeprefix(PATH)
        if tail == "" and method in ("GET", "HEAD"):
            return self.list(self.account(authorization), query)
        if tail == "" and method == "DELETE":
            return self.revoke_all(self.account(authorization), query)
        one = re.fullmatch("/([^/]*)", tail) if path.startswith(PATH) else None
        if one and method == "DELETE":
            return self.revoke(self.account(authorization), unquote(one[1]))
        return self.nobody(tail == "" or one is not None)

    def nobody(self, path_is_known):
        if path_is_known:
            raise Problem(405, "Method not allowed")
        raise Problem(404, "Page not found")

    def account(self, authorization):
        scheme, _, key = (authorization or "").strip().partition(" ")
        if scheme.lower() != "bearer" or key.strip() not in self.accounts:
            raise Problem(401, "Authentication required.")
        return key.strip()

    def number(self, name, values, least, most):
        """(number, what is wrong)"""
        value = values[0]
        if len(values) > 1:
            return value, f"must be given once, is given {len(values)} times"
        if value == "":
            return value, "must not be empty"
        if not re.fullmatch("-?[0-9]{1,99}", value) or not -2**63 <= int(value) < 2**63:
            return value, "must be an integer"
        if int(value) < least:
            return value, f"must be at least {least}, is {int(value)}"
        if most and int(value) > most:
            return value, f"must be at most {most}, is {int(value)}"
        return int(value), None

    def boolean(self, name, values):
        if len(values) > 1:
            return values[0], f"must be given once, is given {len(values)} times"
        if values[0] == "":
            return values[0], "must not be empty"
        return values[0] == "true", None if values[0] in ("true", "false") else "must be true or false"

    def check(self, **problems):
        wrong = [{"field": name, "message": problem} for name, problem in problems.items() if problem]
        if wrong:
            raise Problem(400, "Query validation failed", data=wrong)

    # -------------------------------------------------------------------------------------------- lists

    def is_over(self, one):
        return one["expiresAtTimestamp"] <= self.now.timestamp() * 1000

    def owned(self, key):
        return [one for one in self.sessions.values() if one["owner"] == key and not self.is_over(one)]

    def current(self, key):
        token = self.accounts[key]
        return token if token in self.sessions and not self.is_over(self.sessions[token]) else None

    def listed(self, key):
        return self.owned(key)

    def in_order(self, sessions):
        return sorted(sessions, key=lambda one: one["issuedAt"], reverse=True)

    def of_page(self, sessions, page, limit):
        return sessions[(page - 1) * limit:page * limit]

    def shown(self, one):
        return {name: value for name, value in one.items() if name != "owner"}

    def pages(self, total, limit):
        return -(-total // limit)

    def total(self, sessions, shown):
        return len(sessions)

    def list(self, key, query):
        page, page_problem = self.number("page", query.get("page", ["1"]), 1, None)
        limit, limit_problem = self.number("limit", query.get("limit", [str(self.default_limit)]), 1, 100)
        self.check(page=page_problem, limit=limit_problem)
        sessions = self.in_order(self.listed(key))
        shown = [self.shown(one) for one in self.of_page(sessions, page, limit)]
        total = self.total(sessions, shown)
        pagination = {"page": page, "perPage": limit, "total": total, "totalPages": self.pages(total, limit)}
        return 200, {"data": shown, "currentToken": self.current(key), "pagination": pagination}

    # -------------------------------------------------------------------------------------------- revoking

    def log_out(self, key):
        del self.accounts[key]

    def forget(self, sessions):
        for one in sessions:
            del self.sessions[one["token"]]

    def find(self, key, token):
        """The session if the account may revoke it, else None."""
        one = self.sessions.get(token)
        return one if one and one["owner"] == key and not self.is_over(one) else None

    def not_found(self):
        raise Problem(404, "Session not found or failed to revoke.")

    def no_token(self):
        raise Problem(400, "Missing session token in request path.")

    def revoke(self, key, token):
        if token == "":
            return self.no_token()
        one = self.find(key, token)
        if one is None:
            return self.not_found()
        self.forget([one])
        if one["isCurrent"]:
            self.log_out(key)
        return 200, {"data": {"revoked": True, "currentSessionRevoked": one["isCurrent"]}}

    def include_current(self, query):
        include, problem = self.boolean("includeCurrent", query.get("includeCurrent", ["false"]))
        self.check(includeCurrent=problem)
        return include

    def to_revoke(self, key, include):
        return [one for one in self.owned(key) if include or not one["isCurrent"]]

    def revoke_all(self, key, query):
        include = self.include_current(query)
        going = self.to_revoke(key, include)
        self.forget(going)
        if include:
            self.log_out(key)
        return 200, {"data": {"revoked": len(going), "currentSessionRevoked": any(one["isCurrent"] for one in going)}}

    # -------------------------------------------------------------------------------------------- bytes

    def problem(self, problem, url):
        """(status, body)"""
        return problem.status, {"url": url, **problem.body}

    def content_type(self, status):
        return "application/json"

    def written(self, status, body):
        return json.dumps(body, sort_keys=True)


class Handler(AnsweringHandler):
    panel = None

    def answer(self):
        try:
            self.read_body()
        except BodyTooLong:
            return self.send_error(413)
        path, _, query_text = self.path.partition("?")
        query = parse_qs(query_text, keep_blank_values=True)
        full = f"http://{self.headers.get('Host', '')}{self.path}"
        with self.lock:
            if self.command == "POST" and path in ("/reset", "/clock"):
                self.control(path, query)
                return self.write(204, None, "")
            try:
                status, body = self.panel.answer(self.command, path, query, self.headers.get("Authorization"))
            except Problem as problem:
                status, body = self.panel.problem(problem, full)
            text = None if status == 204 else self.panel.written(status, body)
            return self.write(status, self.panel.content_type(status), text)

    def control(self, path, query):
        if path == "/reset":
            self.panel.reset()
        else:
            self.panel.advance(int(query["advance_ms"][0]))

    def write(self, status, content_type, text):
        headers = {"Allow": "GET, HEAD, DELETE"} if status == 405 else {}
        if status != 204:
            headers["Content-Type"] = content_type
        self.send(status, headers, None if status == 204 else (text or "").encode())

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer


def handler_of(served):
    Handler.panel = served
    return Handler


def main():
    from panel_defects import DEFECTS

    serve(__doc__, DEFECTS, handler_of)


if __name__ == "__main__":
    # panel_defects imports this file: there must be one Panel.
    sys.modules["panel"] = sys.modules["__main__"]
    main()
