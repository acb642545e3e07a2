"""The network: the only module that uses it, and only when a person asks.

Downloads (:mod:`loaders.downloads`) and travel times (:mod:`loaders.routing`) speak through it.

It brings bytes and says in our own words why it cannot; what they are worth is judged elsewhere
(:mod:`loaders.downloads.transfer`). Certificates are checked; the proxies and the certificate
authorities that the system names are honoured.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import urlsplit

import requests
import urllib3
from requests.utils import prepend_scheme_if_needed, select_proxy

from graph.model import Record

AGENT = "maillage (python-requests)"
_BLOCK = 1 << 18
_PORTS = {"http": 80, "https": 443}
_TAKEN = frozenset({200, 206, 304, 416})
_GONE = frozenset({404, 410})
_BUSY = frozenset({429, 502, 503, 504})
_PROXY_LOGIN = 407
_UNREACHED = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
_TRANSPORT = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


class Patience(Record, frozen=True, kw_only=True):
    """How long to wait, in seconds.

    Attributes
    ----------
    reach : float
        For a connection, names and all addresses included: what an offline computer waits.
    answer : float
        For the first byte of an answer, then between two packets.
    window, floor : float, int
        A transfer that brings fewer than `floor` bytes in `window` seconds has stalled.
    attempts : int
        How often a step is tried, the first included.
    pause : float
        Before the second attempt; doubled each time.
    asked : float
        The longest pause that a busy server may ask for (``Retry-After``).
    """

    reach: float = 5.0
    answer: float = 30.0
    window: float = 30.0
    floor: int = 10_000
    attempts: int = 4
    pause: float = 1.0
    asked: float = 15.0


class Trouble(Exception):  # noqa: N818 - a reason, put into words by whoever asked
    """Something is not there or not reachable, and trying again would not help.

    `code` is that of the message ``error.fetch.<code>``.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Gone(Trouble):
    """No file at this address."""


class Cut(Trouble):
    """A transfer that stopped, worth trying again after `wait` seconds (None: the usual pause)."""

    def __init__(self, code: str, *, wait: float | None = None, **params: object) -> None:
        super().__init__(code, **params)
        self.wait = wait


class Answer:
    """What a server answers: status and headers, then the bytes, block by block."""

    def __init__(self, response: requests.Response, patience: Patience, *, unpack: bool) -> None:
        self._response = response
        self._patience = patience
        # A transfer coding in gzip that was not asked for, on a file that is not one itself.
        self.unpacked = unpack and "content-encoding" in response.headers
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.host = host_of(response.url)

    @property
    def length(self) -> int | None:
        """Return how many bytes of the file this answer brings, where it says so."""
        stated = self.headers.get("Content-Length", "")
        return int(stated) if stated.isdigit() and not self.unpacked else None

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes as they arrive.

        Raises
        ------
        Cut
            The transfer stopped before its end, or came to a crawl.
        """
        raw, got = self._response.raw, 0
        since, recent = time.monotonic(), 0
        while block := self._block(raw):
            yield block
            got, recent = got + len(block), recent + len(block)
            if time.monotonic() - since > self._patience.window:
                if recent < self._patience.floor:
                    raise Cut("stalled", host=self.host, seconds=round(self._patience.window))
                since, recent = time.monotonic(), 0
        if self.length is not None and got != self.length:
            raise Cut("cut", host=self.host)

    def _block(self, raw: urllib3.BaseHTTPResponse) -> bytes:
        try:
            return raw.read1(_BLOCK, decode_content=self.unpacked)
        except urllib3.exceptions.ReadTimeoutError as error:
            seconds = round(self._patience.answer)
            raise Cut("stalled", host=self.host, seconds=seconds) from error
        except _TRANSPORT as error:
            raise Cut("cut", host=self.host) from error


class Wire:
    """A session with the outside, closed at the end of a ``with``."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": AGENT, "Accept-Encoding": "identity"})
        self._reached: set[tuple[str, int]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    @contextmanager
    def ask(
        self,
        address: str,
        headers: Mapping[str, str],
        *,
        unpack: bool = True,
        also: frozenset[int] = frozenset(),
    ) -> Iterator[Answer]:
        """Ask for `address` and give the answer; it is closed at the end of the ``with``.

        `also` are statuses whose answer says something worth reading (400 of a routing server).

        Raises
        ------
        Trouble
            The network, the proxy or the server cannot or does not want to; :class:`Gone` where
            the server has no such file, :class:`Cut` where trying again may help.
        """
        self._reach(address)
        with self._sent(address, headers) as response:
            if address.startswith("https:") and not response.url.startswith("https:"):
                raise Trouble("insecure", host=host_of(response.url))
            self._judge(response, also)
            yield Answer(response, self._patience, unpack=unpack)

    def _reach(self, address: str) -> None:
        """Knock at the door of the server, or of the proxy that leads to it.

        requests counts its patience for each address of a name, and not at all while the name is
        looked up: without this, an offline computer would wait for a minute.
        """
        door, proxied = self._door(address)
        if door in self._reached:
            return
        why = _knock(door, self._patience.reach)
        if why is not None and proxied:
            raise Trouble("proxy", proxy=f"{door[0]}:{door[1]}", why=why)
        if why is not None:
            raise Trouble("offline", host=door[0], why=why)
        self._reached.add(door)

    def _door(self, address: str) -> tuple[tuple[str, int], bool]:
        settings = self._session.merge_environment_settings(address, {}, None, None, None)
        proxy = select_proxy(address, settings["proxies"])
        parts = urlsplit(prepend_scheme_if_needed(proxy, "http") if proxy else address)
        port = parts.port or _PORTS.get(parts.scheme, 80)
        return (parts.hostname or "", port), proxy is not None

    def _sent(self, address: str, headers: Mapping[str, str]) -> requests.Response:
        host = host_of(address)
        waits = (self._patience.reach, self._patience.answer)
        try:
            return self._session.get(address, headers=dict(headers), stream=True, timeout=waits)
        except requests.exceptions.SSLError as error:
            raise Trouble("certificate", host=host, why=_why(error)) from error
        except requests.exceptions.ProxyError as error:
            login = str(_PROXY_LOGIN) in str(error)
            raise Trouble("proxy_login" if login else "proxy_refused", host=host) from error
        except requests.exceptions.ReadTimeout as error:
            seconds = round(self._patience.answer)
            raise Cut("stalled", host=host, seconds=seconds) from error
        except requests.exceptions.ConnectionError as error:
            if isinstance(_reason(error), _UNREACHED):
                raise Trouble("offline", host=_asked_host(error, host), why=_why(error)) from error
            raise Cut("cut", host=host) from error
        except requests.RequestException as error:
            raise Trouble("unusable", host=host, why=_why(error)) from error

    def _judge(self, response: requests.Response, also: frozenset[int]) -> None:
        """Let through the answers that bring a file, or say that the one held is the latest."""
        status, host = response.status_code, host_of(response.url)
        if status in also:
            return
        if status in _GONE:
            raise Gone("gone", host=host)
        if status == _PROXY_LOGIN:
            raise Trouble("proxy_login", host=host)
        if status in _BUSY:
            wait = _asked_for(response.headers.get("Retry-After", ""))
            if wait is not None and wait > self._patience.asked:
                raise Trouble("come_back", host=host, n=max(1, round(wait / 60)))
            raise Cut("busy", wait=wait, host=host, status=status)
        if status not in _TAKEN:
            raise Trouble("status", host=host, status=status)


def host_of(address: str) -> str:
    """Return the name of the server, without user or password."""
    return urlsplit(address).hostname or address


def _knock(door: tuple[str, int], seconds: float) -> str | None:
    """Return why no connection could be made within `seconds`; None if one was."""
    answers: queue.Queue[str | None] = queue.Queue()

    def try_it() -> None:
        try:
            socket.create_connection(door, timeout=seconds).close()
        except (OSError, UnicodeError) as error:
            answers.put(getattr(error, "strerror", None) or str(error))
        else:
            answers.put(None)

    threading.Thread(target=try_it, daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        return f"{seconds:g} s"


def _asked_for(value: str) -> float | None:
    """Return the seconds that a ``Retry-After`` asks for: a number, or a date."""
    if value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _asked_host(error: requests.RequestException, host: str) -> str:
    """Return the server that did not answer: after a redirection, not the one first asked."""
    url = getattr(error.request, "url", None)
    return host_of(url) if isinstance(url, str) else host


def _reason(error: requests.RequestException) -> object:
    """Return what urllib3 gave as the reason; ConnectTimeout has none of its own."""
    inner = error.args[0] if error.args else None
    return getattr(inner, "reason", inner)


def _why(error: requests.RequestException) -> str:
    reason = _reason(error)
    cause = reason.args[-1] if isinstance(reason, Exception) and reason.args else reason
    return str(cause or error)[:200]
