"""What the Python servers of this folder share: how they are started, right or with one defect, and how they read and
write bytes."""

import argparse
import json
import socket
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY_DIGITS_MAX = 7


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class BodyTooLong(Exception):
    """It is not read."""


class AnsweringHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    drains = False
    lock = threading.Lock()

    def read_body(self):
        """What is left unread would be taken for the next request."""
        lengths = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers or len(lengths) > 1 or not all(one.isdecimal() for one in lengths):
            self.close_connection = self.drains = True  # nobody knows where that body ends
            return b""
        if not lengths:
            return b""
        if len(lengths[0]) > BODY_DIGITS_MAX:
            raise BodyTooLong
        return self.rfile.read(int(lengths[0]))

    def send(self, status, headers, body):
        """In one piece: a second would wait for the first's acknowledgement. `body`: None where there is none."""
        head = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        if self.close_connection:
            head.append("Connection: close")
        if body is not None:
            head.append(f"Content-Length: {len(body)}")
        data = "\r\n".join(head + ["", ""]).encode()
        self.wfile.write(data if self.command == "HEAD" else data + (body or b""))

    def send_error(self, code, message=None, explain=None):
        self.drains = True
        super().send_error(code, message, explain)

    def finish(self):
        """What is unread when a socket is closed takes the answer with it (RFC 9112, 9.6)."""
        super().finish()
        if not self.drains:
            return
        try:
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(1)
            while self.connection.recv(65536):
                pass
        except OSError:
            pass

    def log_message(self, *_):
        pass


def serve(description, defects, handler_of):
    """Takes the options of the command line. `defects`: classes of what is served, by name. `handler_of`: the request
    handler's class for one of them. Prints {"url": "..."} once it listens."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--defect", default="none", choices=defects, metavar="NAME")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--until-stdin-ends", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(defects))
        return
    with Server(("127.0.0.1", options.port), handler_of(defects[options.defect]())) as server:
        print(json.dumps({"url": f"http://127.0.0.1:{server.server_address[1]}"}), flush=True)
        if options.until_stdin_ends:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            sys.stdin.read()
        else:
            server.serve_forever()
