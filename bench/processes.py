"""Child processes that never outlive us: each is known from the moment it exists, and ended by its id. Used by
servers.py and load.py; run.py installs the handlers and ends what is left.
"""

import signal
import subprocess
from contextlib import contextmanager

STOP_SECONDS_MAX = 10

_children = set()
_holding = False
_pending = False


class NotMeasured(Exception):
    """Something a measurement needs is not there; the text says what."""


def _interrupt(*_):
    global _pending
    if _holding:
        _pending = True
    else:
        raise KeyboardInterrupt


def handle_signals():
    """Ctrl-C and SIGTERM become KeyboardInterrupt, but not between a child's birth and our knowing it."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)


@contextmanager
def _interrupts_held():
    global _holding, _pending
    _holding, _pending = True, False
    try:
        yield
    finally:
        _holding = False
    if _pending:
        raise KeyboardInterrupt


def spawn(command, environment=None):
    """Starts a child in a session of its own, so that Ctrl-C reaches only us. `environment`: ours, where there is none."""
    with _interrupts_held():
        try:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                env=environment,
            )
        except OSError as error:
            raise NotMeasured(f"cannot run {command[0]}: {error.strerror}") from error
        _children.add(process)
        return process


def end(process):
    """Ends one child, first politely, and closes its pipes. Ending it twice does nothing."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pipe in (process.stdout, process.stderr):
        pipe.close()
    _children.discard(process)


def end_all():
    for process in list(_children):
        end(process)


def run(command, seconds_max, environment=None):
    """Runs a child to its end: (exit code, stdout, stderr)."""
    process = spawn(command, environment)
    try:
        out, err = process.communicate(timeout=seconds_max)
    except subprocess.TimeoutExpired as error:
        raise NotMeasured(f"{command[0]} took longer than {seconds_max} s") from error
    finally:
        end(process)
    return process.returncode, out.decode(errors="replace").strip(), err.decode(errors="replace").strip()
