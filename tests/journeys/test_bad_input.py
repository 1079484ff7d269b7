"""Every mistake has a code of its own and one line that says what to do, the same through every face.

One registry holds all that the mistakes need. A refused verb changes nothing, so all tests share it;
what Python says is what REST, the magic and the command line must say.
"""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from IPython.core.error import UsageError
from sklearn.linear_model import LogisticRegression

from jupyter_modelmgmt.cli import main
from jupyter_modelmgmt.cli.shown import in_terminal
from jupyter_modelmgmt.domain import errors
from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.verbs import wording
from tests.journeys.mistakes import MISTAKES, NOBODY, World
from tests.servers.registries import opened, shell_with_magics

ROOT = Path(__file__).parents[2]

# What nobody can do wrong in a face of this package, or only with a machine that fails, and where it is tested.
ELSEWHERE = {
    "error": "the root of the tree: never raised",
    "bad_input": "a branch of the tree; REST gives it for requests tornado refuses: tests/server/test_access.py",
    "unauthenticated": "REST alone knows tokens: tests/server/test_access.py",
    "forbidden": "REST alone asks an authorizer: tests/server/test_access.py",
    "not_proven": "needs a model that breaks in a process of its own: tests/capture/test_proof.py",
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


@pytest.fixture(scope="module")
def world(tmp_path_factory, classifier):
    folder = tmp_path_factory.mktemp("world")
    url = f"sqlite:///{folder / 'registry' / 'registry.db'}"
    objects = {"model": classifier, "raw": LogisticRegression(), "props": {"team": ["a"]}, "rows": np.zeros((2, 3))}
    np.save(folder / "rows.npy", objects["rows"])
    (folder / "props.json").write_text(json.dumps(objects["props"]))
    with opened(url) as reg:
        fill(reg, folder, classifier)
        ended, failed = reg.start_run("ended"), reg.start_run("failed")
        reg.end_run(ended.id)
        reg.end_run(failed.id, "failed", reason="no luck")
        yield World(reg, url, folder, objects, ended.id, failed.id)


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
    reg.register_files(folder / "weights.bin", "labelled", labels=["a", "b"])
    reg.register(lambda x: x, "coded", flavor="python", prove=False, capture=False)
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


def test_what_is_tested_elsewhere_is_there():
    reasons = [*ELSEWHERE.values(), *(mistake.no_rest for mistake in MISTAKES.values())]
    places = re.findall(r"tests/[\w/.]+", " ".join(reasons))
    assert [place for place in places if not (ROOT / place).exists()] == []


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
    with shell_with_magics() as ipython:
        ipython.user_ns |= world.objects
        words = filled(world, MISTAKES[code].words, object="model", rows="rows", props="props")
        with pytest.raises(UsageError) as raised:
            ipython.run_line_magic("model", words)
    assert str(raised.value) == wording.with_options(str(said(world, code)))


@pytest.mark.parametrize("code", [c for c, m in MISTAKES.items() if m.words and not m.no_terminal])
def test_the_command_line_says_the_same(world, code, capsys, monkeypatch):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", world.url)
    places = {name: str(world.folder / file) for name, file in
              (("object", "weights.bin"), ("rows", "rows.npy"), ("props", "props.json"))}  # fmt: skip
    words = shlex.split(filled(world, MISTAKES[code].words, **places))
    message = in_terminal(wording.with_options(str(said(world, code))))
    assert main([*words, "--json"]) == 1
    done = capsys.readouterr()
    assert (done.out, json.loads(done.err)) == ("", {"code": code, "message": message})
    assert main(words) == 1
    assert capsys.readouterr().err == f"jupyter modelmgmt: {message}\n"
