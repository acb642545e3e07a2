"""A local server that speaks OSRM's table service and Valhalla's matrix, and misbehaves on demand.

Durations are worked out from the coordinates that it is asked about, so that what is tested is the
whole way: places sent, order of the matrix, units.
"""

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

Place = tuple[float, float]
Seconds = Callable[[Place, Place], float | None]


def straight(start: Place, end: Place) -> float | None:
    """Return seconds at 1 km a minute as the crow flies."""
    x = (end[0] - start[0]) * 111.32 * math.cos(math.radians((start[1] + end[1]) / 2))
    return 60 * math.hypot(x, (end[1] - start[1]) * 111.2)


class Handler(BaseHTTPRequestHandler):
    """Answers as the two services do."""

    routing: "Routing"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.routing.asked.append(self.path)
        if self.routing.fault is not None:
            self.routing.fault(self)
        elif parts.path.startswith("/table/v1/"):
            self.osrm(unquote(parts.path).rpartition("/")[2], parse_qs(parts.query))
        elif parts.path == "/sources_to_targets":
            self.valhalla(json.loads(parse_qs(parts.query)["json"][0]))
        else:
            self.answer(404, {"message": "no such service"})

    def osrm(self, said: str, query: dict[str, list[str]]) -> None:
        places = [tuple(map(float, each.split(","))) for each in said.split(";")]
        if len(places) > self.routing.most:
            self.answer(400, {"code": "TooBig", "message": "Too many table coordinates"})
            return
        sides = [
            [places[int(at)] for at in query[name][0].split(";")]
            for name in ("sources", "destinations")
        ]
        durations = [[self.routing.seconds(a, b) for b in sides[1]] for a in sides[0]]
        self.answer(200, {"code": "Ok", "durations": durations})

    def valhalla(self, asked: dict) -> None:
        sides = [[(p["lon"], p["lat"]) for p in asked[name]] for name in ("sources", "targets")]
        if max(map(len, sides)) > self.routing.most:
            refusal = {"error_code": 150, "error": "Exceeded max locations", "status_code": 400}
            self.answer(400, refusal)
            return
        rows = [
            [
                {"from_index": i, "to_index": j, "time": self.routing.seconds(a, b), "distance": 1}
                for j, b in enumerate(sides[1])
            ]
            for i, a in enumerate(sides[0])
        ]
        if self.routing.short:
            rows = {"durations": [[cell["time"] for cell in row] for row in rows]}
        self.answer(200, {"sources_to_targets": rows, "units": "kilometers"})

    def answer(self, status: int, document: object) -> None:
        self.say(status, json.dumps(document).encode())

    def say(self, status: int, body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Stay silent: the test reads `asked`."""


Fault = Callable[[Handler], None]


def refusing(code: str, message: str = "") -> Fault:
    """Refuse as OSRM does."""
    return lambda handler: handler.answer(400, {"code": code, "message": message})


def saying(status: int, body: bytes, length: int | None = None) -> Fault:
    """Answer with these bytes, announcing another length where one is given."""
    return lambda handler: handler.say(status, body, length)


def sleeping(seconds: float) -> Fault:
    """Say nothing for a while."""
    return lambda _: time.sleep(seconds)


class Routing:
    """What the server is, what was asked of it, and what it does wrong."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.seconds: Seconds = straight
        self.most = 100
        self.short = False
        self.fault: Fault | None = None
        self.asked: list[str] = []


@contextmanager
def routing() -> Iterator[Routing]:
    """Run a server on the loopback address for the time of a ``with``."""
    handler = type("Bound", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    held = handler.routing = Routing(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
