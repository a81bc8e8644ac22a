"""Targets that are no servers, or flaky ones: `check` ends by itself, in time, and says what is wrong."""

import shutil
import socket
import subprocess
import sys

from checking import HERE, Checked, memory_max_bytes, server

TIMEOUT_SECONDS = 0.5      # of hostile.target.yaml
UNANSWERED_MAX = 3         # requests in a row, until the run ends
SLACK_SECONDS = 10         # to start and to write reports, on a busy machine
MEMORY_MAX_BYTES = 1 << 30

# In these something comes that is an answer, though a wrong one: there are findings, and requests go on.
ANSWERED = {"answers-twice", "nested-past-all-depth"}
ANSWERED_SECONDS_MAX = 120
# What may be sent again: of a request that changes something nobody knows whether it was obeyed, and this API kills by GET.
READS = "fetchAllSessions/*"


def problems_of(checked, mode):
    """Lines that say what is not as it should be."""
    lines = []
    seconds_max = SLACK_SECONDS + (ANSWERED_SECONDS_MAX if mode in ANSWERED else UNANSWERED_MAX * TIMEOUT_SECONDS)
    if checked.seconds > seconds_max:
        lines.append(f"took {checked.seconds:.1f} s, not {seconds_max:.1f} s at most")
    if checked.exit_code not in ([1] if mode in ANSWERED else [1, 3]):
        lines.append(f"exit code {checked.exit_code}: {checked.err}")
    if checked.exit_code == 3 and not checked.err:
        lines.append("exit code 3 without a word")
    if checked.report is None:
        lines.append("no report was written")
    if mode not in ANSWERED and any(one["check"] != "no-server-error" for one in checked.findings()):
        lines.append(f"false alarm: {', '.join(checked.found())}")
    if memory_max_bytes() > MEMORY_MAX_BYTES:
        lines.append(f"a run took {memory_max_bytes() >> 20} MiB of memory")
    return lines


def unreachable_url():
    """Of a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def check_unreachable(program, folder):
    url = unreachable_url()
    checked = Checked(program, folder, url)
    wanted = f"no connection to {url.removeprefix('http://')}"
    lines = [] if checked.exit_code == 3 else [f"exit code {checked.exit_code}, not 3"]
    if wanted not in checked.err:
        lines.append(f"it does not say \"{wanted}\": {checked.err}")
    if checked.found():
        lines.append(f"false alarm: {', '.join(checked.found())}")
    return checked, lines


def check_flaky(flaw, options):
    """An honest server that gives no answer to every fifth request: whatever else is found is a false alarm."""
    def check(program, folder):
        with server("node", str(HERE / "keyauth.mjs"), flaw, "5") as url:
            checked = Checked(program, folder, HERE / "keyauth.target.yaml", options, url)
        lines = [f"false alarm: {one}" for one in checked.found() if not one.startswith("no-server-error ")]
        if READS in options:
            lines += [] if checked.exit_code == 0 else [f"exit code {checked.exit_code}, not 0: {checked.err}"]
            if checked.retries() == 0:
                lines.append("the report says of no case that requests were sent again")
            if "retr" not in checked.out:
                lines.append("what is printed does not say that requests were sent again")
        elif checked.exit_code not in (1, 3):
            lines.append(f"exit code {checked.exit_code}, not 1 or 3")
        return checked, lines
    return check


def check_mode(mode):
    def check(program, folder):
        with server(sys.executable, "-B", str(HERE / "hostile.py"), mode) as url:
            checked = Checked(program, folder, HERE / "hostile.target.yaml", [], url)
        return checked, problems_of(checked, mode)
    return check


def play(program, scenarios, only):
    """How many were not judged as they should be."""
    modes = subprocess.run([sys.executable, "-B", str(HERE / "hostile.py"), "list"], stdout=subprocess.PIPE, text=True,
                           check=True).stdout.split()
    checks = {mode: check_mode(mode) for mode in modes}
    checks["is-unreachable"] = check_unreachable
    if shutil.which("node"):
        checks["drops-every-fifth"] = check_flaky("--drop-every", [])
        checks["drops-every-fifth-with-retries"] = check_flaky("--drop-every", ["--retries", "2", "--filter", READS])
        checks["loses-every-fifth-answer"] = check_flaky("--lose-every", [])
        checks["loses-every-fifth-answer-with-retries"] = check_flaky("--lose-every", ["--retries", "2"])
    print(f"\nhostile\n  {'the peer':<40} {'exit':>4} {'seconds':>8}")
    failures = 0
    for name, check in checks.items():
        if only and name not in only:
            continue
        checked, lines = check(program, scenarios / "keyauth-seller")
        failures += 1 if lines else 0
        print(f"  {name:<40} {checked.exit_code:>4} {checked.seconds:>8.1f}  {'FAIL' if lines else 'ok'}")
        for line in lines:
            print(f"      {line}")
        sys.stdout.flush()
    return failures
