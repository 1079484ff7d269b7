"""The routes of a worker: Open Inference Protocol v2, and images as they are."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jupyter_modelmgmt.adapters import Predictor, Prepared, predictor
from jupyter_modelmgmt.domain.errors import BadInput, ModelManagementError, NotFound
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.serving import answers, carried, protocol, raw_requests
from jupyter_modelmgmt.serving.backend import Answer
from jupyter_modelmgmt.serving.batch import ModelThread
from jupyter_modelmgmt.serving.metering import Meter
from jupyter_modelmgmt.serving.protocol import Array, InferRequest
from jupyter_modelmgmt.serving.spec import WorkerSpec
from jupyter_modelmgmt.serving.web import JSON_HEADERS, Application, Asked, server_metadata

_HEADER_LENGTH = protocol.HEADER_LENGTH.lower().encode()


class Answering:
    """Answers for one loaded version."""

    def __init__(self, spec: WorkerSpec, model: Predictor) -> None:
        self._spec = spec
        self._model = model
        self._meter = Meter()
        self._thread = ModelThread(
            model.predict_tensors, batchable=model.batchable, answer_s=spec.answer_s,
            items=self._timed, batch_size=model.batch_size, max_rows=spec.max_batch,
        )  # fmt: skip

    @classmethod
    def loaded(cls, spec: WorkerSpec, folder: Path) -> "Answering":
        """Load the version whose files lie in `folder`; that may run its code. Raises as `predictor`."""
        model = predictor(
            folder, flavor=spec.flavor, adapter=spec.adapter, config=spec.config, labels=spec.labels, task=spec.task,
            signature=spec.signature,
        )  # fmt: skip
        return cls(spec, model)

    @property
    def is_live(self) -> bool:
        """Whether the running call, if any, takes no longer than any may."""
        return self._thread.busy_s < self._spec.answer_s

    def app(self) -> Application:
        at = ("/v2/models/{name}", "/v2/models/{name}/versions/{version}")
        return Application(self._answer, [
            Route("/v2/health/live", self._live),
            Route("/v2/health/ready", self._ready),
            *(Route(f"{path}/ready", self._ready) for path in at),
            Route("/v2", server_metadata),
            Route("/metrics", lambda _: self._meter.page()),
        ])  # fmt: skip

    async def _live(self, _: Request) -> Response:
        """Answer 503 when the running call takes longer than any may: it hangs."""
        busy_s = self._thread.busy_s
        live = busy_s < self._spec.answer_s
        status = HTTPStatus.OK if live else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse({"live": live, "busy_s": round(busy_s, 3)}, status)

    async def _ready(self, request: Request) -> Response:
        path = request.path_params
        self._check(path.get("name", self._spec.deployment), path.get("version"))
        return JSONResponse({"name": self._spec.deployment, "ready": True})

    async def _answer(self, asked: Asked) -> Answer:
        if not asked.infers:
            self._check(asked.name, asked.version)
            return _json(self._metadata())
        start, status = perf_counter(), int(HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            self._check(asked.name, asked.version)
            answer = await self._infer(asked)
            status = answer.status
        except ModelManagementError as error:
            status = error.status
            raise
        finally:
            self._meter.count(self._spec.deployment, self._spec.version, status, perf_counter() - start)
        return answer

    def _metadata(self) -> bytes:
        tensors = {
            side: [{"name": t.name, "datatype": t.datatype, "shape": t.shape} for t in specs]
            for side, specs in (("inputs", self._model.inputs), ("outputs", self._model.outputs))
        }
        spec = self._spec
        told: dict[str, Any] = {"name": spec.deployment, "versions": [spec.version], "platform": spec.flavor, **tensors}
        if (adapter := self._model.adapter) is not None:
            told["parameters"] = {
                "input_type": self._model.takes,
                "configuration": answers.jsonable(adapter.configuration),
            }
        return msgspec.json.encode(told)

    def _check(self, name: str, version: str | None) -> None:
        """Raise NotFound unless `name` is this deployment and `version`, if any, this one."""
        spec = self._spec
        if name != spec.deployment:
            raise NotFound(f"There is no deployment {name[:80]!r} here. Check its name.")
        if version is not None and version != spec.version:
            raise NotFound(f"{spec.deployment!r} serves {spec.version}, not {version[:80]!r}. Ask that one.")

    async def _infer(self, asked: Asked) -> Answer:
        kind = asked.header(b"content-type") or ""
        if kind.startswith("multipart/"):
            return _predicted(await self._image(await _uploaded(asked)))
        body = await asked.body()
        if kind.startswith("image/"):
            return _predicted(await self._image(body))
        if kind.startswith("text/plain"):
            return _predicted(await self._text(body))
        request = self._decoded(body, asked.header(_HEADER_LENGTH))
        spec, outputs = self._spec, await self._outputs(request)
        message = protocol.encode_response(request, outputs, model=spec.deployment, version=spec.version)
        headers = [(name.encode(), value.encode()) for name, value in message.headers.items()]
        return Answer(status=HTTPStatus.OK, headers=headers, body=message.body)

    def _decoded(self, body: bytes, json_length: str | None) -> InferRequest:
        if json_length == "0":
            return raw_requests.decode(body, self._model.inputs)
        return protocol.decode_request(body, json_length)

    async def _outputs(self, asked: InferRequest) -> Mapping[str, Array]:
        if found := carried.items(asked, self._model):
            kind, given = found
            look = self._text if kind == "text" else self._image
            return carried.answered(await asyncio.gather(*(look(data) for data in given), return_exceptions=True))
        return await self._thread.predict(carried.tensors(asked))

    async def _image(self, data: bytes) -> Prediction:
        return await self._answered(lambda: self._model.prepare_image(data))

    async def _text(self, data: bytes) -> Prediction:
        text = carried.text(data)
        return await self._answered(lambda: self._model.prepare_text(text))

    async def _answered(self, prepare: Callable[[], Prepared]) -> Prediction:
        def timed() -> tuple[Prepared, float]:
            start = perf_counter()
            return prepare(), perf_counter() - start

        item, preparing_s = await self._thread.prepare(timed)
        result, predicting_s = await self._thread.predict_item(item)
        return answers.prediction(
            result, task=self._spec.task, version=self._spec.version,
            latency_ms=(preparing_s + predicting_s) * 1000, size=(item.width, item.height),
        )  # fmt: skip

    def _timed(self, batch: list[Prepared]) -> list[tuple[Any, float]]:
        start = perf_counter()
        results = self._model.predict_items(batch)
        took = perf_counter() - start
        return [(result, took) for result in results]


async def _uploaded(asked: Asked) -> bytes:
    try:
        async with Request(asked.scope, asked.receive).form(max_files=1, max_fields=16) as form:
            image: Any = form.get("image")
            if isinstance(image, UploadFile):
                return await image.read()
    except MultiPartException as error:
        raise BadInput(f"The form cannot be read: {error.message} Send multipart/form-data.") from None
    raise BadInput("The form has no file field `image`. Send the picture in a field of that name.")


def _predicted(prediction: Prediction) -> Answer:
    return _json(answers.prediction_body(prediction))


def _json(body: bytes) -> Answer:
    return Answer(status=HTTPStatus.OK, headers=JSON_HEADERS, body=body)
