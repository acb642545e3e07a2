"""A local server that replays bytes and misbehaves on demand: cuts, swaps, drips, error pages.

What it serves are real bytes where a test gives some; the faults are synthetic.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PAGE = b"<!DOCTYPE html>\n<html><head><title>Portail</title></head><body>Connexion</body></html>"


class File:
    """A file as a server has it; `etag` and `modified` are what it says of its version."""

    def __init__(
        self,
        body: bytes,
        *,
        etag: str | None = '"v1"',
        modified: str | None = None,
        content_type: str = "application/octet-stream",
        ranges: bool = True,
        length: bool = True,
        coding: str | None = None,
    ) -> None:
        self.body = body
        self.etag = etag
        self.modified = modified
        self.content_type = content_type
        self.ranges = ranges
        self.length = length
        self.coding = coding


class Handler(BaseHTTPRequestHandler):
    """Answers from what its :class:`Replay` holds."""

    protocol_version = "HTTP/1.1"
    replay: "Replay"

    def do_GET(self) -> None:
        path = self.path if self.path.startswith("/") else urlsplit(self.path).path
        self.replay.asked.append((path, dict(self.headers)))
        faults = self.replay.faults.get(path, [])
        if faults:
            faults.pop(0)(self, path)
        else:
            self.serve(path)

    def serve(self, path: str, *, only: int | None = None) -> None:
        """Serve the file at `path`; of its bytes only the first ones, then close."""
        file = self.replay.files.get(path)
        if file is None:
            self.refuse(404)
            return
        if file.etag and self.headers.get("If-None-Match") == file.etag:
            self.send_response(304)
            self.end_headers()
            return
        start = self._start(file)
        body = file.body[start:]
        self.send_response(206 if start else 200)
        self._describe(file, start)
        self.end_headers()
        self.wfile.write(body if only is None else body[:only])
        if only is not None or not file.length:
            self.close_connection = True

    def _start(self, file: File) -> int:
        asked = self.headers.get("Range")
        condition = self.headers.get("If-Range")
        if not asked or not file.ranges or condition not in (None, file.etag, file.modified):
            return 0
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def _describe(self, file: File, start: int) -> None:
        self.send_header("Content-Type", file.content_type)
        if file.length:
            self.send_header("Content-Length", str(len(file.body) - start))
        else:
            self.send_header("Connection", "close")
        named = (
            ("ETag", file.etag),
            ("Last-Modified", file.modified),
            ("Content-Encoding", file.coding),
        )
        for name, value in named:
            if value:
                self.send_header(name, value)
        if start:
            end = len(file.body)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{end}")

    def refuse(self, status: int, **headers: str) -> None:
        """Answer with an error page, as servers do."""
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *args: object) -> None:
        """Stay silent: the test reads `asked`."""


Fault = Callable[[Handler, str], None]


def cut(at: int) -> Fault:
    """Announce the whole file and close after `at` bytes."""
    return lambda handler, path: handler.serve(path, only=at)


def swap(file: File, at: int) -> Fault:
    """Close after `at` bytes, and have another version from then on."""

    def fault(handler: Handler, path: str) -> None:
        handler.serve(path, only=at)
        handler.replay.files[path] = file

    return fault


def refuse(status: int, **headers: str) -> Fault:
    """Answer with an error status."""
    return lambda handler, path: handler.refuse(status, **headers)


def page(handler: Handler, path: str) -> None:
    """Answer 200 with a web page, as a captive portal does."""
    handler.refuse(200)


def hang_up(handler: Handler, path: str) -> None:
    """Close without an answer."""
    handler.close_connection = True


def drip(pause: float, blocks: int = 100) -> Fault:
    """Send a byte at a time."""

    def fault(handler: Handler, path: str) -> None:
        file = handler.replay.files[path]
        handler.send_response(200)
        handler._describe(file, 0)
        handler.end_headers()
        for position in range(blocks):
            try:
                handler.wfile.write(file.body[position : position + 1])
                handler.wfile.flush()
            except OSError:
                break
            time.sleep(pause)
        handler.close_connection = True

    return fault


def silence(seconds: float) -> Fault:
    """Say nothing for a while, then close."""

    def fault(handler: Handler, path: str) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return fault


class Replay:
    """What the server holds, what was asked of it, and what it is to do wrong next."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.files: dict[str, File] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def asked_for(self, path: str) -> list[dict[str, str]]:
        """Return the headers of each request for `path`."""
        return [headers for asked, headers in self.asked if asked == path]


@contextmanager
def serving() -> Iterator[Replay]:
    """Run a server on the loopback address for the time of a ``with``."""
    handler = type("Bound", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    replay = handler.replay = Replay(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
