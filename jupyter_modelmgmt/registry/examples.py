"""How to ask a deployment with a client of one's own: commands that work as they are pasted. Source: P12."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.deployments import Deployment
from jupyter_modelmgmt.domain.evidence import Field, Signature

# A grey picture of 64 times 64 pixels.
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAK0lEQVR42u3MMREAAAgEoNfkRjeEmwcBqMlNRyAQCAQCgUAgEAgEAsHzYAFAdAEA"
    "rKmlZAAAAABJRU5ErkJggg=="
)
_EMPTY = {"BYTES": "", "BOOL": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The same question as a shell command and as a Python program of the standard library alone."""

    curl: str
    python: str

    def __str__(self) -> str:
        return f"# in a terminal\n{self.curl}\n\n# in Python\n{self.python}"

    __repr__ = __str__


def example(deployment: Deployment, signature: Signature, header: Path, *, client: str, token: str) -> Example:
    """Return how to ask `deployment`; the owner's key is read from the file `header`, a client's is `token`."""
    image = bool(deployment.adapter)
    body = PICTURE if image else json.dumps({"inputs": [_tensor(field) for field in signature.inputs]})
    kind = "image/png" if image else "application/json"
    return Example(
        curl=_curl(deployment.endpoint, kind, body, _door(header, client, token), image=image),
        python=_python(deployment.endpoint, kind, body, _key(header, client, token), image=image),
    )


def _tensor(field: Field) -> dict[str, Any]:
    """Return one row that has the form of an input."""
    shape = [1 if length < 0 else length for length in field.shape]
    count = 1
    for length in shape:
        count *= length
    data = [_EMPTY.get(field.datatype, 0)] * count
    return {"name": field.name, "datatype": field.datatype or "FP64", "shape": shape, "data": data}


def _door(header: Path, client: str, token: str) -> str:
    return f"-u '{client}:{token}'" if token else f"-H '@{header}'"


def _curl(url: str, kind: str, body: str, door: str, *, image: bool) -> str:
    if image:
        return f"echo {body} | base64 -d |\n  curl -sS {door} -H 'Content-Type: {kind}' --data-binary @- {url}"
    return f"curl -sS {door} -H 'Content-Type: {kind}' --data-binary @- {url} <<'EOF'\n{body}\nEOF"


def _key(header: Path, client: str, token: str) -> str:
    if token:
        return f"'Basic ' + base64.b64encode({f'{client}:{token}'!r}.encode()).decode()"
    return f"pathlib.Path({str(header)!r}).read_text().split(': ', 1)[1].strip()"


def _python(url: str, kind: str, body: str, key: str, *, image: bool) -> str:
    said = f"base64.b64decode({body!r})" if image else f"{body!r}.encode()"
    return (
        "import base64, json, pathlib, urllib.request\n\n"
        f"body = {said}\n"
        f"headers = {{'Content-Type': {kind!r}, 'Authorization': {key}}}\n"
        f"request = urllib.request.Request({url!r}, body, headers)\n"
        "with urllib.request.urlopen(request) as answer:\n"
        "    print(json.load(answer))\n"
    )
