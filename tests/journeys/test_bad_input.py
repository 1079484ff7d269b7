"""Every mistake has a code of its own and one line that says what to do, the same through every face.

One registry holds all that the mistakes need. A refused verb changes nothing, so all tests share it;
what Python says is what REST, the magic and the command line must say.
"""

import contextlib
import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from jupyter_modelmgmt.cli import main
from jupyter_modelmgmt.cli.shown import in_terminal
from jupyter_modelmgmt.domain import errors
from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.domain.records import Artifact
from jupyter_modelmgmt.registry import Registry, connect

# What nobody can do wrong in a face of this package, or only with a machine that fails, and where it is tested.
ELSEWHERE = {
    "error": "the root of the tree: never raised",
    "bad_input": "a branch of the tree; REST gives it for requests tornado refuses: tests/server/test_access.py",
    "unauthenticated": "REST alone knows tokens: tests/server/test_access.py",
    "forbidden": "REST alone asks an authorizer: tests/server/test_access.py",
    "bump_too_small": "no verb refuses a bump yet",
    "not_proven": "needs a model that breaks in a process of its own: tests/capture/test_proof.py",
    "needs_yes": "only loading asks for a yes, and loading is no verb of other faces: tests/flavors",
    "storage_full": "needs a full disk: tests/registry/test_register.py",
    "search_too_slow": "needs a registry that is too big for a search: tests/store/test_searching.py",
    "serving_failed": "needs a worker that does not come up: tests/serving/test_faults.py",
    "source_failed": "needs a package index that fails: tests/sources/test_library.py",
    "overloaded": "needs more requests than a deployment takes: tests/serving/test_faults.py",
    "timed_out": "needs a worker that hangs: tests/serving/test_faults.py",
}
ADVICE = re.compile(
    r"\b(Ask|Begin|Call|Convert|Expected|Reshape|Check|Choose|Confirm|confirm|Create|Deploy|Export|Fit|Get|Give|Leave|Lift|Move|Name|Promote|"
    r"Raise|Register|Remove|Restore|Resume|Run|See|Send|Stop|Take|Upload|Use|Write|continues at|Start|only)\b"
)


@dataclass(frozen=True)
class World:
    """The registry, where it is, and the files and objects that mistakes are made with."""

    reg: Registry
    url: str
    folder: Path
    objects: dict[str, Any]
    ended: str
    failed: str


@dataclass(frozen=True)
class Mistake:
    """How one code is provoked.

    `words` are those of the magic and of the command line; `{object}` is what `register` takes there,
    `{rows}` and `{props}` a variable or a file. A face that cannot make the mistake says why.
    """

    python: Callable[[World], Any]
    words: str = ""
    rest: Any = None
    no_words: str = ""
    no_rest: str = ""
    no_terminal: str = ""
    no_magic: str = ""


def file(path="weights.bin", digest="blake3:" + "0" * 64, size=1):
    return {"path": path, "digest": digest, "size": size}


def version(**fields):
    return ("POST", ["models", "net", "versions"], {"artifacts": [], **fields})


async def import_junk(ask):
    _, session = await ask("POST", "uploads")
    await ask("PATCH", "uploads", session["id"], body=b"PK junk", headers={"Upload-Offset": "0"})
    return await ask("POST", "imports", body={"source": {"kind": "archive", "upload": session["id"]}})


async def append_elsewhere(ask):
    _, session = await ask("POST", "uploads")
    return await ask("PATCH", "uploads", session["id"], body=b"x", headers={"Upload-Offset": "5"})


def append(world, offset, limit=1 << 20):
    uploads = world.reg.uploads(limit)
    return uploads.append(uploads.start().id, offset, b"x" * 8)


FILES_ALONE = "a command line registers files"
NO_OBJECTS = "REST registers uploaded files, never objects"
WIRE = "the types of the body refuse it before: bad_field"
BY_NAME = "REST asks deployments by their names"

MISTAKES = {
    "bad_name": Mistake(
        lambda w: w.reg.create_model("../x"), "register {object} ../x", ("POST", ["models"], {"name": "../x"})
    ),
    "bad_version": Mistake(
        lambda w: w.reg.register_files(w.folder / "weights.bin", "net", version="1.0"),
        "register {object} net --version 1.0", version(version="1.0"),
    ),
    "bad_selector": Mistake(
        lambda w: w.reg.get("net@^x"), "show net@^x", ("GET", ["models", "net", "versions", "^x"], None)
    ),
    "bad_search": Mistake(
        lambda w: w.reg.search("metrics.accuracy >"), "search 'metrics.accuracy >'",
        ("GET", ["versions"], None, {"filter": "metrics.accuracy >"}),
    ),
    "bad_field": Mistake(
        lambda w: w.reg.register_files(w.folder / "weights.bin", "net", task="cooking"),
        "register {object} net --task cooking", version(task="cooking"),
    ),
    "not_editable": Mistake(
        lambda w: w.reg.update("net@1.0.0", metrics={"accuracy": 1}),
        rest=("PATCH", ["models", "net", "versions", "1.0.0"], {"metrics": {"accuracy": 1}}),
        no_words="`edit` has options for what can be edited alone",
    ),
    "bad_status": Mistake(
        lambda w: w.reg.update("net@1.0.0", status="great"), "edit net@1.0.0 --status great",
        ("PATCH", ["models", "net", "versions", "1.0.0"], {"status": "great"}),
    ),
    "bad_stage": Mistake(
        lambda w: w.reg.promote("net@1.0.0", "moon"), "promote net@1.0.0 moon",
        ("PUT", ["models", "net", "versions", "1.0.0", "stage"], {"stage": "moon"}),
    ),
    "bad_tag": Mistake(
        lambda w: w.reg.update("net@1.0.0", tags="x" * 65), "edit net@1.0.0 --tags " + "x" * 65,
        ("PATCH", ["models", "net", "versions", "1.0.0"], {"tags": "x" * 65}),
    ),
    "bad_alias": Mistake(
        lambda w: w.reg.set_alias("net@1.0.0", "latest"), "alias net@1.0.0 latest",
        ("PUT", ["models", "net", "aliases", "latest"], {"version": "1.0.0"}),
    ),
    "bad_metric": Mistake(
        lambda w: w.reg.register_files(w.folder / "weights.bin", "net", metrics={"loss": float("nan")}),
        "register {object} net --metrics loss=nan", no_rest="JSON has finite numbers alone",
    ),
    "bad_property": Mistake(
        lambda w: w.reg.register_files(w.folder / "weights.bin", "net", properties={"team": ["a"]}),
        "register {object} net --properties {props}", no_rest=WIRE,
    ),
    "not_confirmed": Mistake(
        lambda w: w.reg.delete_model("net", confirm="ten"), "delete net --confirm ten",
        ("DELETE", ["models", "net"], None, {"confirm": "ten"}),
    ),
    "bad_path": Mistake(
        lambda w: w.reg.register_uploads("net", [Artifact(**file("../x"))]),
        rest=version(artifacts=[file("../x")]), no_words="files that are there have no such paths",
    ),
    "bad_file": Mistake(
        lambda w: w.reg.export("net@1.0.0", w.folder / "weights.bin"), "export net@1.0.0 {folder}/weights.bin",
        no_rest="REST writes no files of the user; uploads: tests/server/test_uploads.py",
    ),
    "bad_archive": Mistake(
        lambda w: w.reg.import_archive(w.folder / "weights.bin"), "import {folder}/weights.bin", import_junk
    ),
    "bad_image": Mistake(
        lambda w: w.reg.predict("svc", "nowhere.png"), "predict svc nowhere.png",
        no_rest="an upload is there; bytes that are no image: tests/server/test_deployments.py",
    ),
    "bad_tensor": Mistake(
        lambda w: w.reg.predict("svc", w.objects["rows"]), "predict svc {rows}",
        ("POST", ["deployments", "svc", "predict"],
         {"inputs": [{"name": "input", "datatype": "FP64", "shape": [2, 3], "data": [0, 0, 0, 0, 0, 0]}]}),
    ),
    "not_fitted": Mistake(
        lambda w: w.reg.register(w.objects["raw"], "net"), "register raw net", no_rest=NO_OBJECTS, no_terminal=FILES_ALONE
    ),
    "not_savable": Mistake(
        lambda w: w.reg.register(w.objects["props"], "net"), "register props net", no_rest=NO_OBJECTS,
        no_terminal=FILES_ALONE,
    ),
    "deploy_only": Mistake(
        lambda w: w.reg.get("secret@1.0.0").download(w.folder / "out"), "download secret@1.0.0 {folder}/out",
        ("GET", ["models", "secret", "versions", "1.0.0", "export"], None),
    ),
    "not_found": Mistake(
        lambda w: w.reg.get("nothing@1.0.0"), "show nothing@1.0.0",
        ("GET", ["models", "nothing", "versions", "1.0.0"], None),
    ),
    "conflict": Mistake(
        lambda w: w.reg.predict("digits@1.0.0", w.objects["rows"]), "predict digits@1.0.0 {rows}", no_rest=BY_NAME
    ),
    "model_taken": Mistake(
        lambda w: w.reg.create_model("net"), rest=("POST", ["models"], {"name": "net"}),
        no_words="models are made by registering",
    ),
    "version_taken": Mistake(
        lambda w: w.reg.register_files(w.folder / "weights.bin", "net", version="1.0.0"),
        "register {object} net --version 1.0.0", version(version="1.0.0"),
    ),
    "model_deployed": Mistake(
        lambda w: w.reg.delete("digits@1.0.0"), "delete digits@1.0.0",
        ("DELETE", ["models", "digits", "versions", "1.0.0"], None),
    ),
    "not_deployed": Mistake(
        lambda w: w.reg.predict("net@1.0.0", w.objects["rows"]), "predict net@1.0.0 {rows}", no_rest=BY_NAME
    ),
    "version_archived": Mistake(
        lambda w: w.reg.deploy("digits@1.1.0"), "deploy digits@1.1.0", ("POST", ["deployments"], {"selector": "digits@1.1.0"})
    ),
    "status_derived": Mistake(
        lambda w: w.reg.update("net@1.0.0", status="deployed"), "edit net@1.0.0 --status deployed",
        ("PATCH", ["models", "net", "versions", "1.0.0"], {"status": "deployed"}),
    ),
    "alias_held": Mistake(
        lambda w: w.reg.delete("net@1.1.0"), "delete net@1.1.0", ("DELETE", ["models", "net", "versions", "1.1.0"], None)
    ),
    "alias_protected": Mistake(
        lambda w: w.reg.set_alias("net@1.0.0", "champion"), "alias net@1.0.0 champion",
        ("PUT", ["models", "net", "aliases", "champion"], {"version": "1.0.0"}),
    ),
    "stage_protected": Mistake(
        lambda w: w.reg.delete("net@1.0.0"), "delete net@1.0.0", ("DELETE", ["models", "net", "versions", "1.0.0"], None)
    ),
    "stage_held": Mistake(
        lambda w: w.reg.remove_stage("narrow"), "remove-stage narrow", ("DELETE", ["stages", "narrow"], None)
    ),
    "transition_refused": Mistake(
        lambda w: w.reg.promote("net@1.3.0", "staging"), "promote net@1.3.0 staging",
        ("PUT", ["models", "net", "versions", "1.3.0", "stage"], {"stage": "staging"}),
    ),
    "approval_needed": Mistake(
        lambda w: w.reg.promote("net@1.1.0", "asked"), "promote net@1.1.0 asked",
        ("PUT", ["models", "net", "versions", "1.1.0", "stage"], {"stage": "asked"}),
    ),
    "approval_decided": Mistake(
        lambda w: w.reg.approve(1), "approve 1", ("POST", ["approvals", "1", "approve"], {})
    ),
    "gate_failed": Mistake(
        lambda w: w.reg.promote("net@1.1.0", "gated"), "promote net@1.1.0 gated",
        ("PUT", ["models", "net", "versions", "1.1.0", "stage"], {"stage": "gated"}),
    ),
    "run_ended": Mistake(
        lambda w: w.reg.log_batch(w.ended, {"loss": 1.0}), "log {ended} loss=1",
        ("POST", ["runs", "{ended}", "metrics"], {"metrics": {"loss": 1.0}}),
    ),
    "run_unfinished": Mistake(
        lambda w: w.reg.register_files(w.folder / "weights.bin", "net", run=w.failed),
        rest=version(run="{failed}"), no_words="`register` takes the run of its `%%model run` cell, which goes on",
    ),
    "wrong_offset": Mistake(
        lambda w: append(w, 5), rest=append_elsewhere, no_words="uploads are the browser's"
    ),
    "not_loadable": Mistake(
        lambda w: w.reg.deploy("net@1.0.0"), "deploy net@1.0.0", ("POST", ["deployments"], {"selector": "net@1.0.0"})
    ),
    "too_large": Mistake(
        lambda w: append(w, 0, limit=4), no_words="files that are here may have any size",
        no_rest="the limit is the server's own: tests/server/test_uploads.py",
    ),
    "damaged": Mistake(
        lambda w: w.reg.get("spoilt@1.0.0").download(w.folder / "out"), "download spoilt@1.0.0 {folder}/out",
        ("GET", ["models", "spoilt", "versions", "1.0.0", "artifacts", "weights.bin"], None),
    ),
    "store_unavailable": Mistake(
        lambda w: connect(NOBODY), "--url {nobody} list", no_rest="the server opens its registry once",
        no_magic="a kernel is told its registry by the server",
    ),
}  # fmt: skip
NOBODY = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture(scope="module")
def world(tmp_path_factory, classifier):
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    folder = tmp_path_factory.mktemp("world")
    url = f"sqlite:///{folder / 'registry' / 'registry.db'}"
    reg = connect(url)
    objects = {"model": classifier, "raw": LogisticRegression(), "props": {"team": ["a"]}, "rows": np.zeros((2, 3))}
    np.save(folder / "rows.npy", objects["rows"])
    (folder / "props.json").write_text(json.dumps(objects["props"]))
    fill(reg, folder, classifier)
    ended, failed = reg.start_run("ended"), reg.start_run("failed")
    reg.end_run(ended.id)
    reg.end_run(failed.id, "failed", reason="no luck")
    yield World(reg, url, folder, objects, ended.id, failed.id)
    if host := reg.running_host():
        host.shutdown()
    reg.close()


def fill(reg, folder, classifier):
    """Register what the mistakes are made with."""
    for place, data in (("weights.bin", b"weights"), ("spoilt/weights.bin", b"spoilt")):
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_bytes(data)
    for number in ("1.0.0", "1.1.0", "1.2.0", "1.3.0"):
        reg.register_files(folder / "weights.bin", "net", version=number, metrics={"accuracy": 0.5})
    reg.configure_stage("narrow", transitions=["archived"])
    reg.configure_stage("asked", approval=True)
    reg.configure_stage("gated", gates=["metrics.accuracy > 0.99"])
    reg.promote("net@1.0.0", "production")
    reg.set_alias("net@1.1.0", "candidate")
    reg.set_alias("net@1.2.0", "champion", protected=True)
    reg.promote("net@1.3.0", "narrow")
    assert reg.request_approval("net@1.2.0", "asked").id == 1
    reg.approve(1)
    reg.register_files(folder / "weights.bin", "secret", downloadable=False)
    spoilt = reg.register_files(folder / "spoilt" / "weights.bin", "spoilt").artifacts[0]
    reg.artifacts.path(spoilt.digest).chmod(0o600)
    reg.artifacts.path(spoilt.digest).write_bytes(b"other")
    for number in ("1.0.0", "1.1.0"):
        reg.register(classifier, "digits", version=number)
    reg.promote("digits@1.1.0", "archived")
    for name in ("svc", "twin"):
        reg.deploy("digits@1.0.0", name=name)


def said(world, code):
    """Return what Python says of the mistake."""
    with pytest.raises(ModelManagementError) as raised:
        MISTAKES[code].python(world)
    return raised.value


def filled(world, text, **more):
    return text.format(folder=world.folder, ended=world.ended, failed=world.failed, nobody=NOBODY, **more)


def test_every_code_has_a_mistake_or_a_reason():
    codes = {c.code for c in vars(errors).values() if isinstance(c, type) and issubclass(c, ModelManagementError)}
    assert codes == set(MISTAKES) | set(ELSEWHERE)
    assert not set(MISTAKES) & set(ELSEWHERE)
    for code, mistake in MISTAKES.items():
        assert bool(mistake.words) != bool(mistake.no_words), code
        assert bool(mistake.rest) != bool(mistake.no_rest), code


@pytest.mark.parametrize("code", MISTAKES)
def test_python_says_it_in_one_line_with_what_to_do(world, code):
    error = said(world, code)
    assert error.code == code
    line = str(error)
    assert "\n" not in line
    assert line[-1] in ".`'\">", line
    assert ADVICE.search(line), line
    assert said(world, code).code == code, "a refused verb changes nothing"


@pytest.mark.parametrize("code", [code for code, mistake in MISTAKES.items() if mistake.rest])
async def test_rest_says_the_same(world, ask, code):
    rest = MISTAKES[code].rest
    if callable(rest):
        status, told = await rest(ask)
    else:
        method, path, body, *params = rest
        body = None if body is None else json.loads(filled_json(world, body))
        status, told = await ask(
            method, *(filled(world, p) for p in path), body=body, params=params[0] if params else None
        )
    error = said(world, code)
    assert (status, told["code"], told["message"]) == (error.status, code, str(error))


def filled_json(world, body):
    return json.dumps(body).replace("{failed}", world.failed).replace("{ended}", world.ended)


@pytest.mark.parametrize("code", [c for c, m in MISTAKES.items() if m.words and not m.no_magic])
def test_the_magic_says_the_same(world, code, monkeypatch):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", world.url)
    with shell() as ipython:
        ipython.user_ns |= world.objects
        words = filled(world, MISTAKES[code].words, object="model", rows="rows", props="props")
        with pytest.raises(UsageError) as raised:
            ipython.run_line_magic("model", words)
    assert str(raised.value) == str(said(world, code))


@contextlib.contextmanager
def shell():
    made = InteractiveShell()
    made.run_line_magic("load_ext", "jupyter_modelmgmt")
    yield made
    made.history_manager.end_session()


@pytest.mark.parametrize("code", [c for c, m in MISTAKES.items() if m.words and not m.no_terminal])
def test_the_command_line_says_the_same(world, code, capsys, monkeypatch):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", world.url)
    places = {name: str(world.folder / file) for name, file in
              (("object", "weights.bin"), ("rows", "rows.npy"), ("props", "props.json"))}  # fmt: skip
    words = shlex.split(filled(world, MISTAKES[code].words, **places))
    message = in_terminal(str(said(world, code)))
    assert main([*words, "--json"]) == 1
    done = capsys.readouterr()
    assert (done.out, json.loads(done.err)) == ("", {"code": code, "message": message})
    assert main(words) == 1
    assert capsys.readouterr().err == f"jupyter modelmgmt: {message}\n"
