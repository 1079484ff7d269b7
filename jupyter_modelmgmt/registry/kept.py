"""Verbs on kept tests: keep an input with its answer, ask versions again, see who passes. Source: D35, N10."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from typing import Any

from jupyter_modelmgmt.domain import kept as rules
from jupyter_modelmgmt.domain.errors import BadField, Conflict, ModelManagementError
from jupyter_modelmgmt.domain.kept import KeptResult, KeptTest, KeptTests, ResultState
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import Artifact, DeploymentState, ModelVersion
from jupyter_modelmgmt.registry import kept_inputs
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.progress import Progress
from jupyter_modelmgmt.registry.trying import Trying
from jupyter_modelmgmt.serving.trials import Cancellation, Trials
from jupyter_modelmgmt.store import deployments, kept, kept_claims, versions

Ask = Callable[[bytes, str], bytes]


class Kept(Trying):
    """Everything about kept tests."""

    def keep_test(
        self,
        selector: str,
        data: object,
        *,
        name: str = "",
        tolerance: float | None = None,
        threshold: float = 0.0,
    ) -> KeptTest:
        """Ask a version about `data` and keep both: the input, and the answer as what is expected of each version.

        `data` is what `predict` takes; a version that is not deployed answers in a worker of its own. `tolerance`
        and `threshold` are told in `KeptTest`; left out, they are what suits the answer. Without `name` it is called
        as its file, or by a number. Raises NotFound, Conflict for a taken name, NotLoadable, BadImage, BadTensor.
        """
        version = versions.get(self.store, selector)
        body, media = kept_inputs.encoded(data, version)
        with self._asked(version, None, Cancellation()) as ask:
            answer = kept_inputs.asked(ask, body, media, version)
        digest, size = self.artifacts.add(io.BytesIO(body))
        named = name or kept_inputs.name_of(data) or self._next_name(version.model)
        return self._kept(
            version, named, Artifact(path="input", digest=digest, size=size), media, answer,
            tolerance=tolerance, threshold=threshold,
        )  # fmt: skip

    def keep_answer(
        self,
        selector: str,
        *,
        name: str,
        digest: str,
        size: int,
        media: str,
        expected: Mapping[str, Any],
        tolerance: float | None = None,
        threshold: float = 0.0,
    ) -> KeptTest:
        """Keep an input that was uploaded, with an answer that the version gave to it before.

        `media` is that of an image, text/plain, or application/json for an inference request. Raises BadField.
        """
        version = versions.get(self.store, selector)
        answer = kept_inputs.read_expected(expected, version)
        blob = Artifact(path="input", digest=digest, size=size)
        if not digest.startswith("blake3:") or not self.artifacts.keep(blob):
            raise BadField(
                f"There is no upload of {size} bytes with the digest {digest[:80]!r}. Upload the input first."
            )
        return self._kept(version, name, blob, media, answer, tolerance=tolerance, threshold=threshold)

    def kept_tests(self, model: str) -> Listing[KeptTest]:
        """Return the kept tests of a model. Raises NotFound."""
        return Listing(kept.of_model(self.store, model).items)

    def tests_of(self, model: str) -> KeptTests:
        """Return the kept tests of a model with the tallies of its versions: how many each passed. Raises NotFound."""
        return kept.of_model(self.store, model)

    def test_input(self, model: str, name: str) -> tuple[KeptTest, bytes]:
        """Return a kept test with the bytes of its input. Raises NotFound, Damaged."""
        test = kept.get(self.store, model, name)
        return test, b"".join(self.artifacts.chunks(Artifact(path=f"test {name}", digest=test.digest, size=test.size)))

    def test_results(self, selector: str) -> Listing[KeptResult]:
        """Return what became of the kept tests with a version; those that were not run are not in it."""
        return Listing(kept.results(self.store, selector))

    def remove_test(self, model: str, name: str, *, confirm: str = "") -> None:
        """Forget a kept test and its results; `confirm` repeats its name. Raises NotFound, NotConfirmed."""
        kept.remove(self.store, model, name, confirm=confirm, actor=self.actor)

    def run_tests(
        self,
        selector: str,
        names: str | Sequence[str] = (),
        *,
        progress: Progress | None = None,
        trials: Trials | None = None,
        cancellation: Cancellation | None = None,
    ) -> Listing[KeptResult]:
        """Ask a version again what its model's kept tests asked, all or those of `names`, and return what became of them.

        Its deployment answers where one runs here, else a worker of its own. What gives no answer is an `error`
        with the reason. `progress` gets tests done and tests in all. Raises NotFound, and Conflict where nothing is
        kept or when it was cancelled; the results so far stay.
        """
        cancellation = cancellation or Cancellation()
        version = versions.get(self.store, selector)
        chosen = self._chosen(version.model, [names] if isinstance(names, str) else names)
        found: list[KeptResult] = []
        for result in self._results(version, chosen, trials, cancellation):
            kept.note(self.store, result, model=version.model)
            found.append(result)
            if progress is not None:
                progress(len(found), len(chosen))
        kept.tell(self.store, version.model, version.version, found, actor=self.actor)
        return Listing(found)

    def run_waiting_tests(self, cancellation: Cancellation) -> bool:
        """Run the tests of one version that waits for them, new or promoted, and tell whether there was one.

        One that another process runs the tests of is left to it.
        """
        claim = kept_claims.claim(self.store)
        if claim is None:
            return False
        try:
            progress = lambda _done, _total: kept_claims.renew(self.store, claim)  # noqa: E731
            self.run_tests(claim.selector, cancellation=cancellation, progress=progress)
        finally:
            kept_claims.release(self.store, claim)
        return True

    def tests_wait(self) -> bool:
        """Tell whether a version waits for its tests, or another process runs them."""
        return kept_claims.waiting(self.store) is not None

    def _kept(
        self, version: ModelVersion, name: str, blob: Artifact, media: str, answer: Prediction,
        *, tolerance: float | None, threshold: float,
    ) -> KeptTest:  # fmt: skip
        test = KeptTest(
            model=version.model, name=rules.checked_test_name(name), media=kept_inputs.checked_media(media),
            digest=blob.digest, size=blob.size, expected=answer, tolerance=rules.checked_tolerance(tolerance, answer),
            threshold=rules.checked_share("threshold", threshold), created_at=datetime.now(UTC), created_by=self.actor,
        )  # fmt: skip
        return kept.add(self.store, test, latency_ms=answer.latency_ms, actor=self.actor)

    def _next_name(self, model: str) -> str:
        taken = {test.name.lower() for test in kept.of_model(self.store, model).items}
        return next(name for n in range(1, rules.MAX_TESTS + 2) if (name := f"test {n}") not in taken)

    def _chosen(self, model: str, names: Sequence[str]) -> Sequence[KeptTest]:
        if names:
            return [kept.get(self.store, model, name) for name in names]
        found = kept.of_model(self.store, model).items
        if not found:
            raise Conflict(f"{model} has no kept tests. Keep one with `%model keep-test`, or in the Test tab.")
        return found

    def _results(
        self, version: ModelVersion, chosen: Sequence[KeptTest], trials: Trials | None, cancellation: Cancellation
    ) -> Iterator[KeptResult]:
        """Give the result of each test as it comes; where no worker comes up, all of them are errors."""
        try:
            with self._asked(version, trials, cancellation) as ask:
                for test in chosen:
                    yield self._result(test, version, ask, cancellation)
        except ModelManagementError as error:
            cancellation.refuse()
            for test in chosen:
                yield self._ended(test, version, ResultState.ERROR, str(error))

    def _result(self, test: KeptTest, version: ModelVersion, ask: Ask, cancellation: Cancellation) -> KeptResult:
        cancellation.refuse()
        try:
            body = self.test_input(test.model, test.name)[1]
            answer = kept_inputs.asked(ask, body, test.media, version)
            differs = rules.difference(test, answer, kept_inputs.overlap)
        except ModelManagementError as error:
            cancellation.refuse()
            return self._ended(test, version, ResultState.ERROR, str(error))
        state = ResultState.FAILED if differs else ResultState.PASSED
        return self._ended(test, version, state, differs, answer.latency_ms)

    def _ended(
        self, test: KeptTest, version: ModelVersion, state: ResultState, difference: str, latency_ms: float = 0.0
    ) -> KeptResult:
        return KeptResult(
            test=test.name, version=version.version, state=state, difference=difference, latency_ms=latency_ms,
            at=datetime.now(UTC), by=self.actor,
        )  # fmt: skip

    @contextmanager
    def _asked(self, version: ModelVersion, trials: Trials | None, cancellation: Cancellation) -> Iterator[Ask]:
        """Give what a version is asked with: its deployment, or one of `trials`, else of this block's own."""
        if ask := self._deployed(version):
            yield ask
            return
        prepare = self.trial_of(version)
        with ExitStack() as stack:
            workers = trials or stack.enter_context(closing(Trials()))
            yield stack.enter_context(workers.lent(version, prepare, cancellation))

    def _deployed(self, version: ModelVersion) -> Ask | None:
        running = [badge.name for badge in version.deployments if badge.state is DeploymentState.DEPLOYED]
        host = self.running_host() if running else None
        if host is None:
            return None
        here = next((name for name in running if self._is_here(deployments.get(self.store, name))), None)
        return None if here is None else (lambda body, media: host.ask(here, body, media, version=version.version))
