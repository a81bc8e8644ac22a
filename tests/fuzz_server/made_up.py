#!/usr/bin/env python3
"""The server of ../wrong_servers/notes.py, which chooses ids of its own, with bugs that only notes have that a client has
made: what shows them names an id that no other server has.

    made_up.py --defect NAME --until-stdin-ends     prints {"url": "..."} once it listens
    made_up.py --list                               names of the bugs
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "wrong_servers"))

from notes import Notes, Problem, handler_of  # noqa: E402
from serving import serve  # noqa: E402


class RemovingFails(Notes):
    def remove(self, name):
        if name in self.notes and name != "first":
            raise Problem(500, "cannot remove")
        super().remove(name)


class MadeNoteStays(Notes):
    def remove(self, name):
        self.find(name)
        if name == "first":
            super().remove(name)


class NoJsonFails(Notes):
    """No scenario says it: a step sends what the operation takes."""

    def answer(self, method, path, headers, raw):
        name = path.rpartition("/")[2]
        if method == "PUT" and name != "first" and name in self.notes:
            try:
                json.loads(raw)
            except (ValueError, RecursionError):
                raise Problem(500, "cannot read") from None
        return super().answer(method, path, headers, raw)


DEFECTS = {"none": Notes, "removing-fails": RemovingFails, "made-note-stays": MadeNoteStays, "no-json-fails": NoJsonFails}

if __name__ == "__main__":
    serve(__doc__, DEFECTS, handler_of)
