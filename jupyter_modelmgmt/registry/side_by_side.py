"""The same input through a deployment, a version and an object in memory. Source: N4, A6."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_modelmgmt.capture import memory
from jupyter_modelmgmt.domain import side_by_side
from jupyter_modelmgmt.domain.deployments import Deployment
from jupyter_modelmgmt.domain.errors import BadField, ModelManagementError, NotFound, ServingFailed
from jupyter_modelmgmt.domain.evidence import Signature
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import ModelVersion, Task
from jupyter_modelmgmt.domain.side_by_side import Answer, AnswerDifference, Where
from jupyter_modelmgmt.registry import kept_inputs
from jupyter_modelmgmt.registry.display import figure, html_of
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.kept import Kept
from jupyter_modelmgmt.serving.trials import Cancellation, Trials
from jupyter_modelmgmt.store import learned, versions

if TYPE_CHECKING:
    from jupyter_modelmgmt.registry.kept import Ask

_DECIMALS = 3


class Answers(Listing[Answer]):
    """Answers to one input; shows as a table of where they differ, `.frame()` is all of it as a pandas DataFrame."""

    @property
    def agree(self) -> bool | None:
        """Whether all say the same; None while one has no answer."""
        return side_by_side.agree(self)

    @property
    def differences(self) -> tuple[AnswerDifference, ...]:
        """Where they differ, the greatest difference first."""
        return side_by_side.differences(self)

    def _rows(self) -> list[dict[str, Any]]:
        """Return what each of those who were asked said, how long it took, why it said nothing."""
        return [self._told(answer) for answer in self]

    def _told(self, answer: Answer) -> dict[str, Any]:
        said = answer.prediction
        return {
            "name": answer.name,
            "where": answer.where,
            "version": said.version if said else "",
            "answer": side_by_side.in_short(said) if said else "",
            "latency_ms": said.latency_ms if said else None,
            "round_trip_ms": answer.round_trip_ms if said else None,
            "problem": answer.problem,
        }

    def _repr_html_(self) -> str:
        return f"{html_of(self._rows())}{self._differences_html()}"

    def _differences_html(self) -> str:
        found = self.differences
        if not found:
            return ""
        head = "".join(f'<th scope="col">{escape(answer.name)}</th>' for answer in self)
        rows = "".join(
            f'<tr><th scope="row">{escape(one.name)}</th>{"".join(map(_cell, one.values))}{_cell(one.spread)}</tr>'
            for one in found
        )
        return f'<table><thead><tr><td></td>{head}<th scope="col">Difference</th></tr></thead><tbody>{rows}</tbody></table>'


class SideBySide(Kept):
    """Asking several about the same."""

    def side_by_side(
        self,
        data: object,
        *targets: object,
        like: str = "",
        namespace: Mapping[str, object] | None = None,
        trials: Trials | None = None,
    ) -> Answers:
        """Ask each of `targets` about `data`, what `predict` takes, and return their answers in that order.

        A target is a deployment or its name, a version or its selector, which a worker of its own answers for, or
        an object in memory. An object is asked through the adapter of the version `like`: by default the first of the
        other targets, else the one that the object is or was made from; without any it takes tensors. Who gives no
        answer has a `problem`. Raises NotFound, BadField, BadImage, BadTensor.
        """
        known = vars(sys.modules["__main__"]) if namespace is None else namespace
        called = self.target_names(targets, known)
        version = self._like(targets, called, like)
        body, media = kept_inputs.encoded(data, version)
        with ExitStack() as stack:
            workers = trials or stack.enter_context(closing(Trials()))
            return Answers(
                self._answer(name, where, self._asking(target, name, where, version, workers, known), body, media)
                for target, (name, where) in zip(targets, called, strict=True)
            )

    def target_names(
        self, targets: Sequence[object], namespace: Mapping[str, object] | None = None
    ) -> list[tuple[str, Where]]:
        """Return what each of `targets` is called, and where it is. Raises BadField where there is none."""
        known = vars(sys.modules["__main__"]) if namespace is None else namespace
        if not targets:
            raise BadField("Nobody is asked. Name a deployment, a version (model@1.0.0), or hand over an object.")
        return [_called(target, known) for target in targets]

    def targets_take(self, targets: Sequence[object], like: str = "") -> Signature:
        """Return what `targets` are asked with: `takes`, and `inputs` where they are known. Raises NotFound, BadField."""
        version = self._like(targets, self.target_names(targets), like)
        known = version.signature if version else Signature()
        return replace(known, takes=kept_inputs.taken(version))

    def _like(self, targets: Sequence[object], called: Sequence[tuple[str, Where]], like: str) -> ModelVersion | None:
        """Return the version that the question is made for; None for plain tensors."""
        if not like:
            like = next((name for name, where in called if where == "version"), "")
        if not like and (name := next((name for name, where in called if where == "deployment"), "")):
            deployment = self.answering(name)
            like = f"{deployment.model}@{deployment.version}"
        if not like:
            like = next((selector for target in targets if (selector := self._known_as(target))), "")
        return versions.get(self.store, like) if like else None

    def _known_as(self, model: object) -> str:
        """Return the version that an object is, or was before it was fitted again; "" for none."""
        digest = memory.digest(model)
        found = learned.by_weights(self.store, [digest]).get(digest, "")
        if found:
            memory.registered(model, found, {})
        return found or self._known_here(memory.known_as(model))

    def _known_here(self, selector: str) -> str:
        """Return a selector that an object is known by, "" where that is a version of another registry."""
        try:
            return versions.get(self.store, selector).selector if selector else ""
        except NotFound:
            return ""

    @contextmanager
    def _asking(
        self, target: object, name: str, where: Where, like: ModelVersion | None, trials: Trials,
        known: Mapping[str, object],
    ) -> Iterator[Ask]:  # fmt: skip
        """Give what asks one target; a version's worker has started by then."""
        if where == "deployment":
            host, deployment = self.host(), self.answering(name).name
            yield lambda body, media: host.ask(deployment, body, media)
        elif where == "version":
            version = versions.get(self.store, name)
            with trials.lent(version, self.trial_of(version), Cancellation()) as ask:
                yield ask
        else:
            selector = like.selector if like else ""
            yield lambda body, media: self.try_object(
                target, body, media, like=selector, name=name, namespace=known
            )  # fmt: skip

    def _answer(self, name: str, where: Where, asking: AbstractContextManager[Ask], body: bytes, media: str) -> Answer:
        try:
            with asking as ask:
                start = time.perf_counter()
                said = ask(body, media)
                took = round((time.perf_counter() - start) * 1000, _DECIMALS)
            return Answer(name=name, where=where, prediction=_read(said, media, took), round_trip_ms=took)
        except ModelManagementError as error:
            return Answer(name=name, where=where, problem=str(error))


def _called(target: object, known: Mapping[str, object]) -> tuple[str, Where]:
    """Return the name of a target and where it is; an object has that of its variable, else of its class."""
    if isinstance(target, str):
        return target, "version" if "@" in target else "deployment"
    if isinstance(target, ModelVersion):
        return target.selector, "version"
    if isinstance(target, Deployment):
        return target.name, "deployment"
    names = (name for name, value in known.items() if value is target and not name.startswith("_"))
    return next(names, type(target).__name__), "memory"


def _read(said: bytes, media: str, took_ms: float) -> Prediction:
    """Return an answer as a prediction; of tensors, the time is that of the whole call. Raises ServingFailed."""
    try:
        told = msgspec.json.decode(said, type=dict[str, Any])
        if media == kept_inputs.JSON:
            version = str(told.get("model_version", ""))
            told = {"task": Task.OTHER, "version": version, "latency_ms": took_ms, "outputs": told["outputs"]}
        return msgspec.convert(told, Prediction)
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError) as error:
        raise ServingFailed(f"The answer is not understood: {error}.") from error


def _cell(value: float | str | None) -> str:
    told = "≠" if value is None else figure(value) if isinstance(value, float) else escape(str(value))
    return f"<td>{told}</td>"
