"""A real HTTP server that receives webhooks, and misbehaves when told to."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict
    body: bytes


class Handler(BaseHTTPRequestHandler):
    """What the receiver does with a call: a status, or a method of this class."""

    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.calls.append(Call(self.path, dict(self.headers), body))
        behaviour = receiver.behaviours.pop(0) if receiver.behaviours else 200
        if isinstance(behaviour, int):
            self.answer(behaviour)
        else:
            getattr(self, behaviour)()

    def answer(self, status, text=b"thanks", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def redirect(self):
        self.answer(302, Location=f"http://127.0.0.1:{self.server.receiver.port}/elsewhere")

    def die(self):
        self.close_connection = True

    def sleep(self):
        self.server.receiver.ended.wait(250)

    def drip(self):
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.server.receiver.ended.wait(0.1):
                self.wfile.write(b"X-Drip: x\r\n")
        except OSError:
            self.close_connection = True

    def flood(self):
        self.answer(500, b"x" * 10_000_000)

    def log_message(self, *_args):
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, *_args):
        """Clients that are cut off, or cut us off, are what is tested."""


class Receiver:
    """`calls` are those that arrived; `behaviours` are used up one a call, then all is well."""

    def __init__(self):
        self.calls = []
        self.behaviours = []
        self.ended = threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.receiver = self
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook?team=a"

    @classmethod
    @contextmanager
    def running(cls):
        receiver = cls()
        thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.ended.set()
            receiver.server.shutdown()
            receiver.server.server_close()
            thread.join()
