#!/usr/bin/env python3
"""A peer that is no server: it misbehaves on the wire in one way, on every connection.

    hostile.py MODE [--until-stdin-ends]     prints {"url": "..."} once it listens
    hostile.py list                          prints the modes
"""

import json
import socket
import struct
import sys
import threading
import time

REQUEST_BYTES_MAX = 65536
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MODES = {}


def mode(function):
    MODES[function.__name__.replace("_", "-")] = function
    return function


def forever(peer, piece):
    while True:
        peer.sendall(piece)


def until_gone(peer):
    while peer.recv(REQUEST_BYTES_MAX):
        pass


@mode
def hangs(peer):
    until_gone(peer)


@mode
def hangs_in_the_body(peer):
    peer.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
    until_gone(peer)


@mode
def half_closes(peer):
    peer.shutdown(socket.SHUT_WR)
    until_gone(peer)


@mode
def half_closes_in_the_head(peer):
    peer.sendall(HEAD)
    peer.shutdown(socket.SHUT_WR)
    until_gone(peer)


@mode
def closes_at_once(peer):
    pass


@mode
def resets(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@mode
def resets_in_the_body(peer):
    peer.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@mode
def speaks_garbage(peer):
    peer.sendall(bytes((i * 7919 + 13) % 256 for i in range(4096)))


@mode
def speaks_garbage_forever(peer):
    forever(peer, bytes((i * 7919 + 13) % 256 for i in range(4096)))


@mode
def speaks_nul_in_the_head(peer):
    peer.sendall(b"HTTP/1.1 200 OK\r\nX-\0: \0\r\nContent-Length: 0\r\n\r\n")


@mode
def trickles(peer):
    for byte in GOOD:
        peer.sendall(bytes([byte]))
        time.sleep(1)


@mode
def head_line_without_end(peer):
    peer.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    forever(peer, b"a" * 65536)


@mode
def head_without_end(peer):
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    forever(peer, b"X-Again: and again\r\n" * 1000)


@mode
def interim_answers_without_end(peer):
    forever(peer, b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


@mode
def body_without_end(peer):
    peer.sendall(HEAD + b"\r\n")
    forever(peer, b"[" * 65536)


@mode
def chunks_without_end(peer):
    peer.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    forever(peer, b"1000\r\n" + b"[" * 4096 + b"\r\n")


@mode
def length_past_all_memory(peer):
    peer.sendall(HEAD + b"Content-Length: 9223372036854775807\r\n\r\n")
    forever(peer, b" " * 65536)


@mode
def nested_past_all_depth(peer):
    body = b"[" * 1_000_000
    peer.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)


@mode
def two_lengths(peer):
    peer.sendall(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ")


@mode
def answers_twice(peer):
    peer.sendall(GOOD + GOOD)


def serve(listener, misbehave):
    def talk(peer):
        with peer:
            try:
                if misbehave is not closes_at_once:
                    peer.recv(REQUEST_BYTES_MAX)
                misbehave(peer)
            except OSError:
                pass  # the client has gone

    while True:
        peer, _ = listener.accept()
        threading.Thread(target=talk, args=(peer,), daemon=True).start()


def main():
    if sys.argv[1:] == ["list"]:
        print("\n".join(MODES))
        return
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    misbehave = MODES[sys.argv[1]]
    if "--until-stdin-ends" not in sys.argv:
        serve(listener, misbehave)
    threading.Thread(target=serve, args=(listener, misbehave), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
