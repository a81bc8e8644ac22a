"""How the Python servers of this folder are started: one server, right or with one defect."""

import argparse
import json
import sys
import threading
from http.server import ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


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
