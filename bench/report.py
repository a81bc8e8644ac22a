"""What was measured, as an aligned table for people and as JSON for programs. Knows nothing of servers."""

import os
import platform
import statistics
import sys
from dataclasses import dataclass, field
from datetime import datetime, timezone

GREEN, RED, PLAIN = "\033[32m", "\033[31m", "\033[0m"


@dataclass(frozen=True)
class Target:
    """A number to reach: `of` names what is judged, e.g. mock/bare."""

    of: str
    bound: float
    at_least: bool  # else at most
    unit: str = ""

    def met(self, value):
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self):
        return f"{'>=' if self.at_least else '<='} {self.bound:g}{self.unit}"


@dataclass
class Row:
    """One line of a table: samples of the same thing from each contestant, and what is made of their medians."""

    label: str
    unit: str
    samples: dict  # contestant -> list of numbers
    ratios: dict = field(default_factory=dict)  # "a/b" -> Target, or None where nothing is promised
    absolute: dict = field(default_factory=dict)  # contestant -> Target for its median

    def medians(self):
        return {name: statistics.median(values) for name, values in self.samples.items()}

    def judged(self):
        """(what, value, Target or None) of everything in this row that is compared or promised."""
        medians = self.medians()
        for of, target in self.ratios.items():
            above, below = of.split("/")
            if above in medians and below in medians:
                yield of, medians[above] / medians[below], target
        for name, target in self.absolute.items():
            yield target.of, medians[name], target


@dataclass
class Section:
    """One measurement: its rows, what of it could not be measured and why, and how far the machine disturbed it."""

    name: str
    title: str
    rows: list = field(default_factory=list)
    not_measured: list = field(default_factory=list)
    note: str = ""


def verdicts(sections):
    """How many targets were met, and in words which were missed and what is missing."""
    met, missed, missing = 0, [], []
    for section in sections:
        missing += [f"{section.name}: {reason}" for reason in section.not_measured]
        for row in section.rows:
            for of, value, target in row.judged():
                if target is None:
                    continue
                if target.met(value):
                    met += 1
                else:
                    missed.append(f"{section.name}, {row.label}: {of} is {value:.2f}{target.unit}, wanted {target}")
    return met, missed, missing


def number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:,.3g}" if value < 1 else f"{value:,.1f}"


def cells(row):
    """The row's texts by column."""
    texts = {"": row.label, "unit": row.unit}
    texts.update({name: number(value) for name, value in row.medians().items()})
    for of, value, target in row.judged():
        if target is None:
            texts[of] = f"{value:.2f}"
        else:
            texts[of] = f"{value:.2f}{target.unit} ({target} {'met' if target.met(value) else 'MISSED'})"
    return texts


def tables(rows):
    """Rows that share their columns, in order: a list of (columns, rows)."""
    groups = []
    for row in rows:
        texts = cells(row)
        columns = list(texts)
        contestants = [name for name in columns if name in row.samples]
        if groups and groups[-1][1] == contestants:
            group = groups[-1]
            group[0].extend(c for c in columns if c not in group[0])
            group[2].append(texts)
        else:
            groups.append((columns, contestants, [texts]))
    return [(columns, lines) for columns, _, lines in groups]


def print_section(section, out=sys.stdout):
    print(f"\n{section.name}: {section.title}", file=out)
    for columns, lines in tables(section.rows):
        lines = [{c: "" if c == "unit" else c for c in columns}, *lines]
        widths = {c: max(len(line.get(c, "")) for line in lines) for c in columns}
        for line in lines:
            texts = [
                (str.ljust if c in ("", "unit") else str.rjust)(line.get(c, ""), widths[c]) for c in columns
            ]
            print("  " + coloured("   ".join(texts).rstrip(), out), file=out)
    for reason in section.not_measured:
        print(f"  not measured: {reason}", file=out)
    if section.note:
        print(f"  {section.note}", file=out)
    out.flush()


def coloured(text, out):
    if not out.isatty():
        return text
    return text.replace(" met)", f" {GREEN}met{PLAIN})").replace(" MISSED)", f" {RED}MISSED{PLAIN})")


def print_summary(sections, out=sys.stdout):
    met, missed, missing = verdicts(sections)
    print(f"\n{met} of {met + len(missed)} targets met", file=out)
    for text in missed:
        print(f"  missed        {text}", file=out)
    for text in missing:
        print(f"  not measured  {text}", file=out)


def as_json(sections, options):
    met, missed, missing = verdicts(sections)
    return {
        "measured": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "architecture": platform.machine()},
        "options": options,
        "targets": {"met": met, "missed": missed, "not_measured": missing},
        "sections": [section_json(section) for section in sections],
    }


def section_json(section):
    return {
        "name": section.name,
        "title": section.title,
        "not_measured": section.not_measured,
        "note": section.note,
        "rows": [row_json(row) for row in section.rows],
    }


def row_json(row):
    return {
        "label": row.label,
        "unit": row.unit,
        "medians": row.medians(),
        "samples": row.samples,
        "judged": [
            {
                "of": of,
                "value": value,
                "target": target and str(target),
                "met": target and target.met(value),
            }
            for of, value, target in row.judged()
        ],
    }
