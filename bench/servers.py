"""Starts and ends the servers that are measured: the mock, the bare cpp-httplib server, nginx.

A server is a context manager; leaving it ends the process by its id and waits for it. Used by measurements.py.
"""

import http.client
import json
import re
import selectors
import shutil
import socket
import threading
import time
from dataclasses import dataclass

from processes import NotMeasured, end, spawn

START_SECONDS_MAX = 120  # a million sessions take a while to load
NGINX_START_SECONDS_MAX = 10
# Each server frames its own answers.
FRAMING_HEADERS = {"content-length", "transfer-encoding", "connection", "keep-alive", "date", "server"}


@dataclass(frozen=True)
class Answer:
    """What a server says to one request."""

    status: int
    headers: tuple  # of (name, value), without the framing
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Server:
    """A running server: `host`, `port`, `url`, `pid`."""

    def __init__(self, name, process, port):
        self.name = name
        self.process = process
        self.pid = process.pid
        self.host = "127.0.0.1"
        self.port = port
        self.url = f"http://{self.host}:{port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)

    def fetch(self, target, headers=None, method="GET"):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request(method, target, headers=headers or {})
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise NotMeasured(f"{self.name} did not answer {method} {target}: {error}") from error
        finally:
            connection.close()
        kept = tuple((k, v) for k, v in response.getheaders() if k.lower() not in FRAMING_HEADERS)
        return Answer(response.status, kept, body)


def read_line(process, seconds_max):
    """The first line of the process's stdout, or "" when it ends or stays silent."""
    line = b""
    deadline = time.monotonic() + seconds_max
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not line.endswith(b"\n") and selector.select(max(0, deadline - time.monotonic())):
            piece = process.stdout.read1()
            if not piece:
                break
            line += piece
    return line.decode(errors="replace")


def drain(pipe):
    """Keeps a pipe from filling up; the thread ends with the process."""

    def read():
        try:
            while pipe.read1():
                pass
        except (OSError, ValueError):
            pass  # closed under us when the server was ended

    threading.Thread(target=read, daemon=True).start()


def start_announced(name, command):
    """Starts a program that says where it listens in one line of JSON on stdout."""
    process = spawn(command)
    try:
        line = read_line(process, START_SECONDS_MAX)
        if not line:
            process.kill()
            said = process.stderr.read().decode(errors="replace").strip()
            raise NotMeasured(f"{name} did not start: {said[:400] or 'it said nothing'}")
        port = int(json.loads(line)["url"].rsplit(":", 1)[1])
    except BaseException as error:
        end(process)
        if isinstance(error, (ValueError, KeyError, IndexError)):
            raise NotMeasured(f"{name} announced itself in an unknown way: {line!r}") from error
        raise
    drain(process.stdout)
    drain(process.stderr)
    return Server(name, process, port)


def start_mock(binary, *folders, name="mock", options=()):
    for folder in folders:
        if not (folder / "contract.yaml").is_file():
            raise NotMeasured(f"there is no contract in {folder}")
    return start_announced(name, [binary, "mock", *folders, "--port", "0", "--quiet", "--format", "json", *options])


def start_bare(binary, answer, folder):
    body = folder / "bare.body"
    body.write_bytes(answer.body)
    command = [binary, body, "--status", answer.status]
    for name, value in answer.headers:
        command += ["--header", f"{name}: {value}"]
    return start_announced("bare", command)


def nginx_config(answer, port, folder):
    """nginx answering everything with `return`, as fast as it can be told to."""

    def quoted(text):
        if "$" in text:
            raise NotMeasured("nginx cannot return a text with a $ in it")
        return "'" + re.sub(r"(['\\])", r"\\\1", text) + "'"

    headers = "".join(
        f"      add_header {name} {quoted(value)} always;\n"
        for name, value in answer.headers
        if name.lower() != "content-type"
    )
    temporary = "".join(
        f"  {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  tcp_nodelay on;
{temporary}  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      default_type {quoted(answer.header("Content-Type") or "text/plain")};
{headers}      return {answer.status} {quoted(answer.body.decode())};
    }}
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_nginx(answer, folder):
    binary = shutil.which("nginx")
    if not binary:
        raise NotMeasured("nginx is not installed")
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(nginx_config(answer, port, folder))
    process = spawn([binary, "-p", folder, "-e", "stderr", "-c", config])
    deadline = time.monotonic() + NGINX_START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return Server("nginx", process, port)
        except OSError:
            time.sleep(0.01)
    process.kill()
    said = process.stderr.read().decode(errors="replace").strip()
    end(process)
    raise NotMeasured(f"nginx did not start: {said[:400]}")


def resident_mb(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            kibibytes = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    except (OSError, StopIteration) as error:
        raise NotMeasured(f"no /proc/{pid}/status to read: {error}") from error
    return kibibytes * 1024 / 1e6
