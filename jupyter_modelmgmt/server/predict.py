"""The routes of predictions: one hop to the host or to a worker. No image is decoded and no model loaded here."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.httputil import HTTPFile, HTTPHeaders, HTTPInputError, parse_body_arguments
from tornado.web import stream_request_body

from jupyter_modelmgmt.domain.errors import BadImage, ServingFailed, TooLarge
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.server.base import RegistryHandler, answers
from jupyter_modelmgmt.serving.protocol import HEADER_LENGTH
from jupyter_modelmgmt.serving.trials import Cancellation

_JSON = "application/json"
_BYTES = "application/octet-stream"
_TIMEOUT_S = 120
_DISCARDED_AT_MOST = 2**30
_BACK = ("Retry-After", HEADER_LENGTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictQuery:
    """Which of several versions answers; left out, their weights decide."""

    version: str = ""


@stream_request_body
class _InputHandler(RegistryHandler):
    """Takes an image or an inference request, and not more than the limit of it."""

    async def prepare(self, **_options: Any) -> None:
        await super().prepare()
        self._received = bytearray()
        self._too_large = False
        # A client that is cut off while it sends never reads the answer: take more, and drop it.
        self.request.connection.set_max_body_size(_DISCARDED_AT_MOST)  # type: ignore[union-attr]  # an HTTP/1 connection has it

    def data_received(self, chunk: bytes) -> None:
        self._too_large = self._too_large or len(self._received) + len(chunk) > self.extension.image_limit
        if self._too_large:
            self._received.clear()
        else:
            self._received += chunk

    def _payload(self) -> tuple[bytes, str]:
        """Return the image of a form, or the body as it came. Raises TooLarge, BadImage."""
        if self._too_large:
            raise TooLarge(
                f"The upload is larger than the limit of {self.extension.image_limit} bytes. Send a smaller image."
            )
        content_type = self.request.headers.get("Content-Type", "application/octet-stream")
        body = bytes(self._received)
        if not content_type.startswith("multipart/form-data"):
            return body, content_type
        files: dict[str, list[HTTPFile]] = {}
        try:
            parse_body_arguments(content_type, body, {}, files, HTTPHeaders())
        except HTTPInputError as error:
            raise BadImage(f"The form cannot be read: {error}. Send multipart/form-data with its boundary.") from None
        if "image" not in files:
            raise BadImage("The form has no file in its field 'image'. Send the picture in a field of that name.")
        return files["image"][0]["body"], "image/*"


class PredictHandler(_InputHandler):
    auth_resource = "deployments"

    @answers("Predict on an image or on tensors", query=PredictQuery, body=bytes, answer=Prediction)
    async def post(self, name: str) -> None:
        body, content_type = self._payload()
        deployment = await self.call(self.registry.answering, name)
        host = await self.call(self.registry.host)
        target = host.infer_target(deployment.name, self.query(PredictQuery).version or None)
        request = HTTPRequest(
            target.url,
            method="POST",
            body=body,
            headers={**target.headers, "Content-Type": content_type, **self._json_length()},
            request_timeout=_TIMEOUT_S,
        )
        self._pass_on(await AsyncHTTPClient().fetch(request, raise_error=False))

    def _json_length(self) -> dict[str, str]:
        """Return the header that tells tensors as bytes from JSON, where it was sent."""
        said = self.request.headers.get(HEADER_LENGTH)
        return {} if said is None else {HEADER_LENGTH: said}

    def _pass_on(self, response: HTTPResponse) -> None:
        if response.code == 599:  # noqa: PLR2004 - tornado's word for "no answer"
            raise ServingFailed("The host of the deployments did not answer. See `%model logs` and start it again.")
        self.set_status(response.code)
        for name in _BACK:
            if name in response.headers:
                self.set_header(name, response.headers[name])
        # Never what a worker says: a page from there would be one of this server.
        self.finish(response.body, set_content_type=_BYTES if HEADER_LENGTH in response.headers else _JSON)


class TryHandler(_InputHandler):
    """A version that is not deployed answers, in a worker of its own."""

    auth_action = "execute"

    async def prepare(self, **_options: Any) -> None:
        await super().prepare()
        self._cancellation = Cancellation()

    @answers("Predict with a version that is not deployed", body=bytes, answer=Prediction)
    async def post(self, model: str, version: str) -> None:
        body, content_type = self._payload()
        ask = partial(self.registry.try_version, trials=self.extension.trials, cancellation=self._cancellation)
        answer = await self.call(ask, f"{model}@{version}", body, content_type)
        self.set_header("Cache-Control", "no-store")
        self.finish(answer)

    def on_connection_close(self) -> None:
        """Cancel: a worker that comes up or computes for nobody is ended."""
        super().on_connection_close()
        self._cancellation.cancel()
