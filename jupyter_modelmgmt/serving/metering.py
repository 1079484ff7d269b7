"""What is counted of each deployment and version, for people and for Prometheus."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_BOUNDS = (*map(str, _BUCKETS), "+Inf")  # as Prometheus writes them
_FIRST_S = 1e-5
_GROWTH = 1.1  # neighbouring bounds: a quantile is off by at most 5 %
_COUNT = 180  # up to 280 s


@dataclass(slots=True)
class Figures:
    """Calls of one version since the host began.

    Its times are in `buckets` whose bounds grow by a tenth, for quantiles, and in the coarser `steps` of Prometheus.
    """

    calls: int = 0
    failures: int = 0
    seconds: float = 0.0
    errors: dict[int, int] = field(default_factory=dict)
    compared: int = 0
    agreed: int = 0
    buckets: list[int] = field(default_factory=lambda: [0] * _COUNT)
    steps: list[int] = field(default_factory=lambda: [0] * len(_BOUNDS))

    def count(self, status: int, seconds: float) -> None:
        self.calls += 1
        if status >= HTTPStatus.BAD_REQUEST:
            self.failures += 1
            self.errors[status] = self.errors.get(status, 0) + 1
        self.seconds += seconds
        self.steps[bisect_left(_BUCKETS, seconds)] += 1
        place = math.log(max(seconds, _FIRST_S) / _FIRST_S, _GROWTH)
        self.buckets[min(int(place), _COUNT - 1)] += 1

    def quantile_ms(self, share: float) -> float | None:
        """Return the time in ms within which `share` of the calls were answered; None without a call."""
        if not self.calls:
            return None
        seen = list(accumulate(self.buckets))
        place = bisect_left(seen, share * self.calls)
        return float(round(_FIRST_S * _GROWTH ** (place + 0.5) * 1000, 3))


class Meter(Collector):
    """Counts requests, errors and seconds of each deployment and version; Prometheus asks for them by `collect`."""

    def __init__(self) -> None:
        self._figures: dict[tuple[str, str], Figures] = {}

    def count(self, deployment: str, version: str, status: int, seconds: float) -> None:
        self.figures(deployment, version).count(status, seconds)

    def collect(self) -> Iterator[Metric]:
        names = ("deployment", "version")
        requests = CounterMetricFamily("modelmgmt_requests", "Answered requests", labels=names)
        errors = CounterMetricFamily("modelmgmt_errors", "Error answers", labels=(*names, "status"))
        times = HistogramMetricFamily("modelmgmt_request_seconds", "Time to answer", labels=names)
        for key, figures in self._figures.items():
            requests.add_metric(key, figures.calls)
            for status, count in figures.errors.items():
                errors.add_metric((*key, str(status)), count)
            steps = list(zip(_BOUNDS, accumulate(figures.steps), strict=True))
            times.add_metric(key, steps, figures.seconds)
        yield from (requests, errors, times)

    def compare(self, deployment: str, version: str, *, agreed: bool) -> None:
        """Count an answer of a shadow."""
        figures = self.figures(deployment, version)
        figures.compared += 1
        figures.agreed += agreed

    def figures(self, deployment: str, version: str) -> Figures:
        if (key := (deployment, version)) not in self._figures:
            self._figures[key] = Figures()
        return self._figures[key]

    def versions(self, deployment: str) -> list[str]:
        """Return which versions of a deployment were asked."""
        return [version for name, version in self._figures if name == deployment]

    def forget(self, deployment: str) -> None:
        """Let the next deployment of that name begin with nothing."""
        for key in [key for key in self._figures if key[0] == deployment]:
            del self._figures[key]

    def page(self, workers: Iterable[tuple[str, str, int, float, int]] = (), only: str = "") -> Response:
        """Return the page of Prometheus; `workers` are (deployment, version, replica, CPU s, bytes).

        `only` leaves out all but one deployment.
        """
        registry = CollectorRegistry()
        registry.register(self)
        names = ("deployment", "version", "replica")
        cpu = Gauge("modelmgmt_worker_cpu_seconds", "CPU time of a worker", names, registry=registry)
        memory = Gauge("modelmgmt_worker_memory_bytes", "Memory of a worker", names, registry=registry)
        for deployment, version, replica, seconds, size in workers:
            cpu.labels(deployment, version, str(replica)).set(seconds)
            memory.labels(deployment, version, str(replica)).set(size)
        compared = Gauge("modelmgmt_shadow_compared", "Compared answers of a shadow", names[:2], registry=registry)
        agreed = Gauge("modelmgmt_shadow_agreed", "Those that agreed", names[:2], registry=registry)
        for (deployment, version), figures in self._figures.items():
            if figures.compared:
                compared.labels(deployment, version).set(figures.compared)
                agreed.labels(deployment, version).set(figures.agreed)
        text = generate_latest(registry)
        return Response(_of(text, only) if only else text, media_type=CONTENT_TYPE_LATEST)


def _of(text: bytes, deployment: str) -> bytes:
    """Return the lines that tell of one deployment, with the comments."""
    wanted = f'deployment="{deployment}"'.encode()
    lines = [line for line in text.splitlines(keepends=True) if line.startswith(b"#") or wanted in line]
    return b"".join(lines)
