"""Routes of kept tests: keep, list, run with progress and cancel, remove."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from jupyter_modelmgmt.domain.kept import KeptResult, KeptTest, KeptTests
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers
from jupyter_modelmgmt.serving.trials import Cancellation

# What a browser may show beside our pages; anything else, SVG with its scripts too, is saved.
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
_DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepBody:
    """An input that was uploaded (`digest`, `size`), what `version` answered, and how much of it may differ.

    `media` is an image's type, text/plain, or application/json for an inference request. `expected` is a
    `Prediction`; of a version that answered with tensors `{"outputs": [...], "latency_ms": ...}`.
    """

    version: str
    name: str
    digest: str
    size: int
    media: str
    expected: dict[str, Any]
    tolerance: float | None = None
    threshold: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTestsBody:
    """The names of the tests to run; none for all."""

    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTestQuery:
    confirm: str = ""


class TestsHandler(RegistryHandler):
    @answers("List the kept tests of a model, and how many each version passed", answer=KeptTests)
    async def get(self, model: str) -> None:
        self.send(await self.call(self.registry.tests_of, model))

    @answers("Keep an uploaded input with the answer that is expected", body=KeepBody, answer=KeptTest, status=201)
    async def post(self, model: str) -> None:
        b = self.body(KeepBody)
        said = {name: getattr(b, name) for name in b.__slots__ if name != "version"}
        self.send(await self.call(partial(self.registry.keep_answer, f"{model}@{b.version}", **said)), 201)


class TestHandler(RegistryHandler):
    @answers("Remove a kept test; confirm with its name", query=RemoveTestQuery, status=204)
    async def delete(self, model: str, test: str) -> None:
        await self.call(self.registry.remove_test, model, test, confirm=self.query(RemoveTestQuery).confirm)
        self.send_nothing()


class TestInputHandler(RegistryHandler):
    @answers("Read the input of a kept test", media="*/*")
    async def get(self, model: str, test: str) -> None:
        found, data = await self.call(self.registry.test_input, model, test)
        shown = found.media in _SHOWN
        if not shown:
            self.set_header("Content-Disposition", "attachment")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", f"private, max-age={_DAY_S}")
        self.set_header("Content-Type", found.media if shown else "application/octet-stream")
        self.finish(data, set_content_type=found.media if shown else "application/octet-stream")


class ResultsHandler(RegistryHandler):
    @answers("Read what became of the kept tests with a version", answer=wire.Items[KeptResult])
    async def get(self, model: str, version: str) -> None:
        self.send(wire.Items(items=tuple(await self.call(self.registry.test_results, f"{model}@{version}"))))


class RunTestsHandler(RegistryHandler):
    """A version is asked by its deployment or a worker of its own, never in this process."""

    auth_action = "execute"

    async def prepare(self, **_options: Any) -> None:
        await super().prepare()
        self._cancellation = Cancellation()

    @answers("Run kept tests with a version", body=RunTestsBody, answer=wire.Items[KeptResult])
    async def post(self, model: str, version: str) -> None:
        run = partial(
            self.registry.run_tests, trials=self.extension.trials, cancellation=self._cancellation,
            progress=self.progress("tests.progress", f"{model}@{version}"),
        )  # fmt: skip
        found = await self.call(run, f"{model}@{version}", self.body(RunTestsBody).tests)
        self.send(wire.Items(items=tuple(found)))

    def on_connection_close(self) -> None:
        """Cancel: what was found so far stays."""
        super().on_connection_close()
        self._cancellation.cancel()
