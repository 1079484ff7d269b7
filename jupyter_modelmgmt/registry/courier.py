"""Carrying deliveries to webhooks: one HTTP call each, outside any transaction."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib.metadata import version
from urllib.parse import urlsplit

import msgspec

from jupyter_modelmgmt.domain.records import Event
from jupyter_modelmgmt.domain.webhooks import Answer, Delivery, rendered, signature
from jupyter_modelmgmt.store import Store, deliveries
from jupyter_modelmgmt.store.deliveries import Parcel

PARALLEL = 4
TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 5.0
_READ = 1024  # bytes of an answer; nobody needs more to see what went wrong
_SHOWN = 200


class Courier:
    """Delivers what is due. `stop` cuts the calls that are under way; they are tried again later."""

    def __init__(self, store: Store, *, timeout_s: float = TIMEOUT_S) -> None:
        self._store = store
        self._timeout_s = timeout_s
        self._stopped = threading.Event()
        self._open: set[socket.socket] = set()
        self._cut: set[socket.socket] = set()

    def deliver(self) -> tuple[Delivery, ...]:
        """Deliver all that is due now and return what came of it."""
        if not deliveries.waiting(self._store):
            return ()
        deliveries.prepare(self._store)
        done: list[Delivery] = []
        with ThreadPoolExecutor(PARALLEL, thread_name_prefix="modelmgmt-webhook") as pool:
            for worker in [pool.submit(self._work, done) for _ in range(PARALLEL)]:
                worker.result()
        return tuple(sorted(done, key=lambda delivery: delivery.id))

    def carry(self, parcel: Parcel) -> Delivery | None:
        """Make one call and write what came of it; None when the webhook was removed meanwhile."""
        return deliveries.finish(self._store, parcel, self._call(parcel))

    def stop(self) -> None:
        self._stopped.set()
        for connected in tuple(self._open):
            self._end(connected)

    def _end(self, connected: socket.socket) -> None:
        self._cut.add(connected)
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    def _work(self, done: list[Delivery]) -> None:
        while not self._stopped.is_set() and (parcels := deliveries.claim(self._store, 1)):
            delivery = self.carry(parcels[0])
            if delivery is not None:
                done.append(delivery)

    def _call(self, parcel: Parcel) -> Answer:
        if parcel.event is None:
            return Answer(error="The event is no longer in the registry.")
        started = time.perf_counter()
        try:
            status, error = self._post(parcel, parcel.event)
        except (OSError, HTTPException, ValueError) as failure:
            status, error = 0, f"{type(failure).__name__}: {failure}"[:_SHOWN]
        took = (time.perf_counter() - started) * 1000
        if error and not status and took >= self._timeout_s * 1000:
            error = f"No answer within {self._timeout_s:g} s."
        return Answer(http_status=status, error=error, duration_ms=took)

    def _post(self, parcel: Parcel, event: Event) -> tuple[int, str]:
        body = rendered(parcel.body, event) if parcel.body else msgspec.json.encode(event)
        parts = urlsplit(parcel.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=min(CONNECT_TIMEOUT_S, self._timeout_s))
        try:
            connection.connect()
            return self._exchange(connection, parts._replace(scheme="", netloc="", fragment="").geturl() or "/",
                                  body, _headers(parcel, event, body))  # fmt: skip
        finally:
            connection.close()

    def _exchange(
        self, connection: HTTPConnection, target: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str]:
        connected = connection.sock
        connected.settimeout(self._timeout_s)
        # A timeout of a socket is for one read of many; this one is for the whole call.
        watch = threading.Timer(self._timeout_s, self._end, [connected])
        watch.start()
        self._open.add(connected)
        try:
            connection.request("POST", target, body, headers)
            with connection.getresponse() as response:
                text = response.read(_READ).decode(errors="replace")
                if connected in self._cut:  # half an answer reads like a short one
                    raise TimeoutError("The call was ended.")
                return response.status, _error(response.status, text)
        finally:
            watch.cancel()
            self._open.discard(connected)
            self._cut.discard(connected)


def _headers(parcel: Parcel, event: Event, body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "User-Agent": f"jupyter_modelmgmt/{version('jupyter_modelmgmt')}",
        "X-Modelmgmt-Event": event.action,
        "X-Modelmgmt-Event-Id": str(event.id),
        "X-Modelmgmt-Delivery": str(parcel.id),
        "X-Modelmgmt-Timestamp": timestamp,
        "X-Modelmgmt-Signature": signature(parcel.secret, timestamp, body),
    }


def _error(status: int, text: str) -> str:
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP
        return ""
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP
        return f"Answered {status}; redirects are not followed. Change the address."
    return f"Answered {status}: {' '.join(text.split())[:_SHOWN]}"
