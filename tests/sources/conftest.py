"""Servers on this machine that the tests of sources ask, and what they may give that is no archive."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@pytest.fixture
def served():
    """Give a function that serves bodies (or (status, headers, body), or what gives one) by path, and the requests it saw."""
    servers = []

    def start(answers):
        seen = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append((self.command, self.path, self.headers.get("Authorization")))
                found = answers.get(self.path.partition("?")[0], (404, {}, b""))
                found = found() if callable(found) else found
                status, headers, body = found if isinstance(found, tuple) else (200, {}, found)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815 - the standard library's name

            def log_message(self, *_):
                """Keep the tests' output clean."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}", seen

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


# Named, because a gzip holds the time it was made at and every worker has to collect the same.
@pytest.fixture(
    params=[b"", b"neither", gzip.compress(b"no tar"), b"PK\x03\x04"],
    ids=["empty", "text", "gzip of no tar", "start of a zip"],
)
def no_archive(request):
    return request.param
