"""./dev bench: measures the mock beside a bare cpp-httplib server and nginx, prints tables, writes JSON.

  measurements.py  what is measured, and the targets      servers.py    starts and ends what is measured
  load.py          wrk, and single requests               contracts.py  writes the large contracts
  report.py        tables and JSON                        processes.py  children that end when we do
  scripted.py      play, journal, spaces, the soak        checking.py   check and prove
  peers.py         other mocks, with --peers              fuzzing.py    the fuzzers and their targets
  peer_configs.py  what those read
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import peers
from measurements import MEASUREMENTS, Bench, measure
from processes import end_all, handle_signals
from report import as_json, print_section, print_summary, verdicts

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_JSON = ROOT / "build" / "bench.json"
PEERS_JSON = ROOT / "build" / "bench-peers.json"


def options(arguments):
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description="Measures the mock beside a bare cpp-httplib server and nginx, in one run and in turn.",
        epilog="Exit code: 0 every target met, 1 one missed, 3 something could not be measured, 130 interrupted.",
    )
    parser.add_argument("--quick", action="store_true", help="short runs: rough, but done in four minutes")
    parser.add_argument(
        "--only",
        action="append",
        choices=list(MEASUREMENTS),
        metavar="NAME",
        help="only this one (may be repeated): " + ", ".join(MEASUREMENTS),
    )
    parser.add_argument(
        "--peers",
        action="store_true",
        help="instead (or, with --only, besides): WireMock, mountebank, Prism and Mockoon, which it installs with npm",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="default: build/bench.json, with --peers build/bench-peers.json"
    )
    parser.add_argument("--mock", type=Path, default=ROOT / "build" / "counterpart", help=argparse.SUPPRESS)
    parser.add_argument("--built", type=Path, default=ROOT / "build" / "bench", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(arguments):
    chosen = options(arguments)
    names = list(chosen.only or ([] if chosen.peers else MEASUREMENTS))
    told = {"quick": chosen.quick, "only": chosen.only}
    sections = []
    with tempfile.TemporaryDirectory(prefix="counterpart-bench-") as temporary:
        bare = chosen.built / "bench" / "bare_server"
        bench = Bench(chosen.mock, bare, ROOT, Path(temporary), chosen.quick, chosen.built)
        print(f"medians of {bench.rounds} rounds of {bench.seconds} s, the contestants in turn", flush=True)
        if chosen.peers:
            names.append("peers")
            told["peers"] = peers.settings(bench)
            print("".join(f"  {name:12} {text}\n" for name, text in told["peers"].items()), end="", flush=True)
        for name in names:
            sections.append(measure(name, bench, MEASUREMENTS | {"peers": (peers.TITLE, peers.measure_peers)}))
            print_section(sections[-1])
    print_summary(sections)

    file = chosen.json or (PEERS_JSON if chosen.peers else DEFAULT_JSON)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(as_json(sections, told), indent=2) + "\n")
    print(f"\nevery sample is in {file}")
    _, missed, missing = verdicts(sections)
    return 1 if missed else 3 if missing else 0


if __name__ == "__main__":
    handle_signals()
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        end_all()
