"""Tests of ./dev bench that measure nothing: the tables, the verdicts, the contracts and configurations it writes."""

import dataclasses
import io
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import contracts
import peer_configs
import peers
from load import Client, alternate
from processes import NotMeasured, end, end_all, run, spawn
from quiet import Rounds, processor_ticks
from report import Row, Section, Target, as_json, number, print_section, print_summary
from servers import Answer, Server, nginx_config, read_line, start_announced


def example_sections():
    fast = Row("4 connections", "requests/s", {"mock": [100, 300, 200], "bare": [100]}, {"mock/bare": None})
    slow = Row(
        "32 connections",
        "requests/s",
        {"mock": [1200], "bare": [1000]},
        {"mock/bare": Target("mock/bare", 1.5, at_least=True)},
    )
    memory = Row("resident", "MB", {"after": [9.5]}, absolute={"after": Target("resident", 20, False, " MB")})
    return [
        Section("static", "a response", [fast, slow], ["nginx: nginx is not installed"]),
        Section("memory", "resident", [memory]),
    ]


def printed(function, *arguments):
    out = io.StringIO()
    function(*arguments, out)
    return out.getvalue()


class ReportTest(unittest.TestCase):
    def test_targets_include_their_bound(self):
        for at_least, below, same, above in ((True, False, True, True), (False, True, True, False)):
            target = Target("x", 1.5, at_least)
            self.assertEqual((target.met(1.4), target.met(1.5), target.met(1.6)), (below, same, above))

    def test_table(self):
        self.assertEqual(
            printed(print_section, example_sections()[0]),
            "\nstatic: a response\n"
            "                                 mock    bare              mock/bare\n"
            "  4 connections    requests/s   200.0   100.0                   2.00\n"
            "  32 connections   requests/s   1,200   1,000   1.20 (>= 1.5 MISSED)\n"
            "  not measured: nginx: nginx is not installed\n",
        )

    def test_summary_names_what_was_missed_and_what_is_missing(self):
        self.assertEqual(
            printed(print_summary, example_sections()),
            "\n1 of 2 targets met\n"
            "  missed        static, 32 connections: mock/bare is 1.20, wanted >= 1.5\n"
            "  not measured  static: nginx: nginx is not installed\n",
        )

    def test_json_has_every_sample(self):
        document = json.loads(json.dumps(as_json(example_sections(), {"quick": True})))
        row = document["sections"][0]["rows"][0]
        self.assertEqual(row["samples"], {"mock": [100, 300, 200], "bare": [100]})
        self.assertEqual(row["medians"], {"mock": 200, "bare": 100})
        self.assertEqual(row["judged"], [{"of": "mock/bare", "value": 2, "target": None, "met": None}])
        self.assertEqual(document["targets"]["met"], 1)

    def test_a_ratio_without_one_of_its_sides_is_left_out(self):
        row = Row("x", "ms", {"bare": [1]}, {"mock/bare": Target("mock/bare", 1, True)})
        self.assertEqual(list(row.judged()), [])

    def test_numbers(self):
        for value, text in ((73456.7, "73,457"), (43.21, "43.2"), (0.5678, "0.568")):
            self.assertEqual(number(value), text)


class ContractsTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_each_operation_is_written_and_asked_for(self):
        for placed, target in ((contracts.on_its_path, "/things/thing00002"), (contracts.on_one_path, "type=thing00002")):
            with self.subTest(placed.__name__):
                folder = contracts.write_operations(self.folder / placed.__name__, 3, placed)
                self.assertEqual((folder / "contract.yaml").read_text().count("status: 200"), 3)
                lines = contracts.write_targets(folder / "targets", 3, placed, 9).read_text().splitlines()
                self.assertEqual(sum(target in line for line in lines), 3)
                self.assertEqual(len(set(lines)), 9, "every line differs")

    def test_only_the_state_is_replaced(self):
        source = self.folder / "contract.yaml"
        source.write_text("a: 1\n\nstate:   # old\n  x:\n\n    key: id\n# still old\nlet:\n  state: kept\n")
        written = contracts.write_with_state(self.folder / "new", source, "state:\n  y: 2\n")
        self.assertEqual(
            (written / "contract.yaml").read_text(), "a: 1\n\nstate:\n  y: 2\n\nlet:\n  state: kept\n"
        )

    def test_a_contract_without_state_is_refused(self):
        source = self.folder / "contract.yaml"
        source.write_text("a: 1\n")
        with self.assertRaisesRegex(NotMeasured, "has no state"):
            contracts.write_with_state(self.folder / "new", source, "state: {}")


class ProcessesTest(unittest.TestCase):
    def test_whatever_is_left_is_ended(self):
        left = [spawn(["sleep", "60"]), spawn(["sleep", "60"])]
        end_all()
        self.assertEqual([process.poll() for process in left], [-15, -15])

    def test_run(self):
        self.assertEqual(run(["sh", "-c", "echo a; echo b >&2; exit 3"], 10), (3, "a", "b"))
        with self.assertRaisesRegex(NotMeasured, "took longer"):
            run(["sleep", "60"], 0.05)


class ServersTest(unittest.TestCase):
    def test_nginx_returns_the_bytes_it_is_given(self):
        answer = Answer(404, (("Content-Type", "a/b"), ("X-A", "it's")), b'{"a":"b\\n"}')
        config = nginx_config(answer, 1234, Path("/tmp/x"))
        for line in (
            "listen 127.0.0.1:1234 backlog=4096;",
            "default_type 'a/b';",
            "add_header X-A 'it\\'s' always;",
            """return 404 '{"a":"b\\\\n"}';""",
        ):
            self.assertIn(line + "\n", config)
        with self.assertRaises(NotMeasured):
            nginx_config(Answer(200, (), b"$5"), 1234, Path("/tmp/x"))

    def test_a_program_that_fails_says_why(self):
        for command, reason in (
            (["/nonexistent/program"], "cannot run /nonexistent/program"),
            (["sh", "-c", "echo no such contract >&2; exit 2"], "no such contract"),
            (["sh", "-c", "exit 2"], "it said nothing"),
            (["sh", "-c", "echo hello; exec sleep 9"], "unknown way"),
        ):
            with self.subTest(command), self.assertRaisesRegex(NotMeasured, reason):
                start_announced("mock", command)

    def test_a_server_is_ended_by_its_id(self):
        line = '{"event":"listening","url":"http://127.0.0.1:4711","pid":1}'
        with start_announced("mock", ["sh", "-c", f"echo '{line}'; exec sleep 60"]) as server:
            self.assertEqual((server.port, server.process.poll()), (4711, None))
        self.assertIsNotNone(server.process.poll())

    def test_a_silent_program_is_not_waited_for_for_ever(self):
        process = spawn(["sleep", "60"])
        with Server("silent", process, 0):
            self.assertEqual(read_line(process, 0.05), "")


class LoadTest(unittest.TestCase):
    def test_contestants_take_turns_after_a_warm_up(self):
        order = []
        results = alternate({"a": lambda: order.append("a") or 1, "b": lambda: order.append("b") or 2}, 2)
        self.assertEqual("".join(order), "ababab")
        self.assertEqual(results, {"a": [1, 1], "b": [2, 2]})

    def test_disturbed_rounds_are_played_again(self):
        for title, taken, count, expected, repeated, note in (
            ("none is", [0, 0, 0], 3, [0, 1, 2], 0, ""),
            ("the second is", [0, 50, 5], 2, [0, 2], 1, "1 round was played again"),
            ("all are: the quietest count", [50, 40, 30, 60, 45, 90, 90, 90, 90, 90], 2, [1, 2], 8, "up to 40%"),
        ):
            with self.subTest(title):
                now = [0, 0]
                played = []

                def play():
                    now[0] += taken[len(played)]
                    now[1] += 100
                    played.append(len(played))
                    return played[-1]

                rounds = Rounds(lambda: tuple(now))
                self.assertEqual(rounds.play(play, count), expected)
                self.assertEqual(rounds.repeated, repeated)
                self.assertIn(note, rounds.note())
                self.assertEqual(bool(rounds.note()), bool(note))

    def test_a_system_that_tells_no_taken_time_disturbs_nothing(self):
        self.assertEqual(processor_ticks(Path("/nowhere")), (0, 0))
        self.assertEqual(Rounds(lambda: (0, 0)).play(lambda: "x", 2), ["x", "x"])

    def test_client_reads_answers_that_come_in_pieces(self):
        listener = socket.create_server(("127.0.0.1", 0))
        pieces = [b"HTTP/1.1 200 OK\r\nContent-", b"Length: 5\r\n\r\nhe", b"llo"]

        def answer_twice():
            connection, _ = listener.accept()
            with connection:
                for _ in range(2):
                    connection.recv(4096)
                    for piece in pieces:
                        connection.sendall(piece)
                        threading.Event().wait(0.01)

        thread = threading.Thread(target=answer_twice)
        thread.start()
        server = type("Fake", (), {"host": "127.0.0.1", "port": listener.getsockname()[1], "name": "fake"})
        with Client(server) as client:
            for _ in range(2):
                status, body, microseconds = client.ask("/", {"X": "y"})
                self.assertEqual((status, body), (200, b"hello"))
                self.assertGreater(microseconds, 0)
            thread.join()
            with self.assertRaisesRegex(NotMeasured, "closed the connection"):
                client.ask("/")
        listener.close()


class PeersTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_every_peer_is_told_every_stub_and_its_port(self):
        stubs = peer_configs.stubs(3)
        self.assertEqual(
            stubs[2].body, '{"id":"thing00002","name":"A thing","price":1250,"tags":["small","blue"]}'
        )
        for name, peer in peers.PEERS.items():
            with self.subTest(name):
                config = json.dumps(peer.config(stubs, 4711))
                words = peer.command("/m", folder="/f", file=f"/f/{peer.file}", port=4711, admin_port=4712)
                for stub in stubs:
                    self.assertIn(stub.path.removeprefix("/"), config)
                self.assertIn("4711", config + " ".join(words))
                self.assertIn("127.0.0.1", words)
                self.assertNotIn("{", " ".join(words))

    def test_a_peer_that_cannot_be_installed_says_why(self):
        for runtime, path, reason in (
            ("nosuchruntime", os.environ["PATH"], "nosuchruntime is not installed"),
            ("sh", str(self.folder), "sh is not installed"),
        ):
            peer = dataclasses.replace(peers.PEERS["prism"], runtime=runtime)
            with self.subTest(reason), unittest.mock.patch.dict(os.environ, PATH=path):
                with self.assertRaisesRegex(NotMeasured, reason):
                    peers.install("x", peer, self.folder)

    def test_what_is_installed_in_its_version_is_left_alone(self):
        peer = dataclasses.replace(peers.PEERS["prism"], runtime="sh")
        modules = self.folder / "prism" / "node_modules"
        manifest = modules / peer.package / "package.json"
        manifest.parent.mkdir(parents=True)
        (self.folder / "sh").symlink_to(shutil.which("sh"))
        cases = ((peer.version, True, False), ("0.0.1", True, True), (peer.version, False, True))
        for version, whole, refused in cases:
            manifest.write_text(json.dumps({"version": version}))
            (modules / ".package-lock.json").unlink(missing_ok=True)
            if whole:
                (modules / ".package-lock.json").touch()
            with self.subTest(f"{version} {whole}"), unittest.mock.patch.dict(os.environ, PATH=str(self.folder)):
                if refused:
                    with self.assertRaisesRegex(NotMeasured, "npm is not installed"):
                        peers.install("prism", peer, self.folder)
                else:
                    self.assertEqual(peers.install("prism", peer, self.folder), modules)

    def test_a_family_is_all_that_descends(self):
        process = spawn(["sh", "-c", "sleep 60 & wait"])
        self.addCleanup(end, process)

        def wait_until(holds):
            deadline = time.monotonic() + 10
            while not holds() and time.monotonic() < deadline:
                time.sleep(0.001)
            self.assertTrue(holds())

        def has_ended(pid):  # gone, or a zombie that nobody has waited for yet
            try:
                return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
            except OSError:
                return True

        wait_until(lambda: len(peers.family(process.pid)) == 2)
        with peers.PeerServer("x", process, 0):
            child = peers.family(process.pid)[1]
        wait_until(lambda: has_ended(child))

    def test_only_the_right_answer_counts_as_started(self):
        stub = peer_configs.stubs(1)[0]
        for said, reason in (("echo broken >&2; exit 1", "did not start: broken"), ("exit 0", "it said nothing")):
            with peers.PeerServer("x", spawn(["sh", "-c", said]), 1) as server:
                with self.subTest(said), self.assertRaisesRegex(NotMeasured, reason):
                    peers.await_answer(server, stub)

    def test_rows_are_set_against_ours(self):
        section = Section("peers", "")
        peers.add_rows(section, "1 stub", "ms", {peers.OURS: [1, 2, 3], "x": [8]})
        peers.add_rows(section, "1 stub", "ms", {"x": [8]})
        medians = [row.medians() for row in section.rows]
        self.assertEqual(medians, [{peers.OURS: 2, "x": 8}, {peers.OURS: 1, "x": 4}, {"x": 8}])


if __name__ == "__main__":
    unittest.main()
