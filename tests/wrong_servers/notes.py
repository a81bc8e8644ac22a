#!/usr/bin/env python3
"""An implementation of notes/ by somebody else, which chooses ids and times of its own: right as it stands, and wrong
in one way when started with --defect NAME. Names that begin with "other-" are as right. Only what Python brings along.

    notes.py [--defect NAME] [--port 0]     prints {"url": "..."} once it listens
        --until-stdin-ends                  ends with its stdin, so with whoever has started it
    notes.py --list                         prints the names of the defects

POST /reset brings back the state that the contract begins with.
"""

import itertools
import json
import secrets
import time
import uuid
from datetime import datetime, timezone
from urllib.parse import unquote

from serving import AnsweringHandler, BodyTooLong, serve

KEY = "Bearer abc"


class Problem(Exception):
    """(status, what is wrong)"""


def iso(milliseconds):
    moment = datetime.fromtimestamp(milliseconds // 1000, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"


class Notes:
    """The right one. Defects override its methods."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.notes = {"first": {"id": "first", "text": "hello", "at": "2024-01-01T00:00:00.000Z",
                                "changed": 1704067200000, "mark": "aaaaaaaa"}}

    def new_id(self):
        return str(uuid.uuid4())

    def now(self):
        return time.time_ns() // 1_000_000

    def text_of(self, content_type, raw):
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            raise Problem(400, "bad note") from None
        is_note = content_type.split(";")[0] == "application/json" and isinstance(body, dict) and set(body) == {"text"}
        if not is_note or not isinstance(body["text"], str) or not 1 <= len(body["text"]) <= 60:
            raise Problem(400, "bad note")
        return body["text"]

    def shown(self, note):
        return {name: note[name] for name in ("id", "text", "at", "changed")}

    def in_list(self, note):
        return {**note, "self": f"/notes/{note['id']}"}

    def listed(self):
        return [self.in_list(note) for note in self.notes.values()]

    def location(self, note):
        return f"/notes/{note['id']}"

    def mark(self):
        return secrets.token_hex(4)

    def find(self, name):
        if name not in self.notes:
            raise Problem(404, "no such note")
        return self.notes[name]

    def remove(self, name):
        self.find(name)
        del self.notes[name]

    def create(self, text):
        now = self.now()
        note = {"id": self.new_id(), "text": text, "at": iso(now), "changed": now, "mark": self.mark()}
        self.notes[note["id"]] = note
        return note

    def write(self, name, text):
        note = self.find(name)
        note.update(text=text, changed=self.now())
        return note

    def answer(self, method, path, headers, raw):
        """(status, body, headers)"""
        parts = [unquote(part) for part in path.split("/")]
        is_list, is_note = parts == ["", "notes"], len(parts) == 3 and parts[1] == "notes" and parts[2]
        methods = ["GET", "POST"] if is_list else ["GET", "PUT", "DELETE"] if is_note else None
        if methods is None:
            raise Problem(404, "no such path")
        if method not in methods:
            return 405, {"error": "no such method"}, {"Allow": ", ".join(methods)}
        if headers.get("Authorization") != KEY:
            raise Problem(401, "unknown key")
        if is_list and method == "GET":
            listed = self.listed()
            return 200, {"count": len(listed), "notes": listed}, {}
        name = parts[-1]
        if method == "GET":
            return 200, self.shown(self.find(name)), {}
        if method == "DELETE":
            self.remove(name)
            return 204, None, {}
        text = self.text_of(headers.get("Content-Type", ""), raw)
        if method == "PUT":
            return 200, self.shown(self.write(name, text)), {}
        note = self.create(text)
        return 201, self.shown(note), {"Location": self.location(note)}


class OtherIds(Notes):
    def reset(self):
        super().reset()
        self.ids = itertools.count(1)

    def new_id(self):
        return str(next(self.ids))


class OtherClock(Notes):
    """It is read for every member."""

    def create(self, text):
        note = super().create(text)
        note["changed"] += 3
        return note


class OtherStillClock(Notes):
    def now(self):
        return 1_700_000_000_000


class IdInListDiffers(Notes):
    def in_list(self, note):
        return {**note, "id": note["id"].upper(), "self": f"/notes/{note['id']}"}


class SelfInListDiffers(Notes):
    def in_list(self, note):
        return {**note, "self": f"/notes/{note['id'][:8]}"}


class CreatedIsMissing(Notes):
    def listed(self):
        return super().listed()[:1]


class LocationNamesAnother(Notes):
    def location(self, note):
        return f"/notes/{self.new_id()}"


class RemovedIsStillThere(Notes):
    def remove(self, name):
        self.find(name)


class TimeChangesBetweenReads(Notes):
    def in_list(self, note):
        is_new = note["id"] != "first"
        return {**super().in_list(note), "changed": self.now() + 7 if is_new else note["changed"]}


class TimeIsThatOfAnother(Notes):
    def shown(self, note):
        created = [one for one in self.notes.values() if one["id"] != "first"]
        return {**super().shown(note), "at": created[0]["at"] if len(created) > 1 else note["at"]}

    def now(self):
        time.sleep(0.002)
        return super().now()


class MarkChangesBetweenReads(Notes):
    def in_list(self, note):
        return {**super().in_list(note), "mark": note["mark"] if note["id"] == "first" else self.mark()}


class ReadGivesAnotherId(Notes):
    def answer(self, method, path, headers, raw):
        status, body, more = super().answer(method, path, headers, raw)
        if method == "GET" and status == 200 and "id" in body and body["id"] != "first":
            body["id"] = self.new_id()
        return status, body, more


DEFECTS = {
    "none": Notes,
    "other-ids": OtherIds,
    "other-clock": OtherClock,
    "other-still-clock": OtherStillClock,
    "id-in-list-differs": IdInListDiffers,
    "self-in-list-differs": SelfInListDiffers,
    "created-is-missing": CreatedIsMissing,
    "location-names-another": LocationNamesAnother,
    "removed-is-still-there": RemovedIsStillThere,
    "time-changes-between-reads": TimeChangesBetweenReads,
    "time-is-that-of-another": TimeIsThatOfAnother,
    "mark-changes-between-reads": MarkChangesBetweenReads,
    "read-gives-another-id": ReadGivesAnotherId,
}


class Handler(AnsweringHandler):
    notes = None

    def do(self):
        try:
            raw = self.read_body()
        except BodyTooLong:
            return self.send_error(413)
        with self.lock:
            if self.command == "POST" and self.path == "/reset":
                self.notes.reset()
                return self.send(204, {}, None)
            try:
                return self.write(*self.notes.answer(self.command, self.path.partition("?")[0], self.headers, raw))
            except Problem as problem:
                status, message = problem.args
                return self.write(status, {"error": message}, {})

    def write(self, status, body, headers):
        if body is not None:
            headers = {"Content-Type": "application/json", **headers}
        self.send(status, headers, None if body is None else json.dumps(body).encode())

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do


def handler_of(served):
    Handler.notes = served
    return Handler


def main():
    serve(__doc__, DEFECTS, handler_of)


if __name__ == "__main__":
    main()
