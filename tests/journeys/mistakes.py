"""What users can do wrong: for each code, how Python, REST, the magic and the command line are made to say it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.records import Artifact
from jupyter_modelmgmt.registry import Registry, connect


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


NOBODY = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

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
        lambda w: w.reg.create_model("net"), "create net", ("POST", ["models"], {"name": "net"}),
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
        "register {object} net --run {failed}", version(run="{failed}"),
    ),
    "bump_too_small": Mistake(
        lambda w: w.reg.clone_version("labelled@1.0.0", "labelled", labels=["a"], bump="patch"),
        "clone labelled@1.0.0 labelled --labels a --bump patch",
        ("POST", ["models", "labelled", "versions", "1.0.0", "clone"],
         {"name": "labelled", "labels": ["a"], "bump": "patch"}),
    ),
    "needs_yes": Mistake(
        lambda w: w.reg.get("coded@1.0.0").load(), "load coded@1.0.0", no_rest="REST loads nothing into the server"
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
