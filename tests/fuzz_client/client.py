"""A client of keyauth-seller with three planted bugs; all else that can come is met with exit code 2. It prints the id
of the seller's first session."""

import json
import os
import socket
import sys
from urllib.parse import urlsplit

TARGET = "/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions"
HEAD_MAX = 64 * 1024
LENGTH_MAX = 1 << 20


def refuse(why):
    print("client:", why, file=sys.stderr)
    sys.exit(2)


def content_length(head):
    """The value of the one Content-Length."""
    lines = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    if len(lines) != 1:
        refuse("no Content-Length")
    value = lines[0].split(b":")[1].strip()
    if not value.isdigit() or len(value) > 9 or int(value) > LENGTH_MAX:
        refuse("a strange Content-Length")
    return int(value)


def get(url):
    # Bug: no timeout, so a server that says nothing is waited for without end.
    connection = socket.create_connection((url.hostname, url.port))
    request = f"GET {url.path}{TARGET} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n\r\n"
    connection.sendall(request.encode())
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(4096)
        if not more or len(received) > HEAD_MAX:
            refuse("no head")
        received += more
    head, body = received.split(b"\r\n\r\n", 1)
    if not head.startswith(b"HTTP/1.1 200 "):
        refuse("not 200")
    length = content_length(head)
    while len(body) < length:
        body += connection.recv(4096)  # bug: nothing more comes when the connection has ended
    return body[:length]


def sessions_of(body):
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        refuse("no JSON")
    sessions = answer.get("sessions") if isinstance(answer, dict) else None
    if not isinstance(sessions, list):
        refuse("no sessions")
    for session in sessions:
        if not isinstance(session, dict) or not isinstance(session.get("id"), str):
            refuse("no session")
    return sessions


try:
    received_body = get(urlsplit(os.environ["COUNTERPART_URL"]))
except OSError as error:
    refuse(error)
print(json.dumps(sessions_of(received_body)[0]["id"]))  # bug: there may be none
