import shlex

import pytest

from jupyter_modelmgmt import verbs
from jupyter_modelmgmt.domain.errors import NotFound
from tests.servers.receiver import Receiver


@pytest.fixture
def run(reg):
    return lambda line: verbs.run(reg, "%model", shlex.split(line), {})


def test_webhooks_are_added_tested_shown_and_removed(run, reg, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"a")
    with Receiver.running() as receiver:
        told = run(f"add-webhook '{receiver.url}' --events 'version.*,alias.*'")
        assert told.startswith("Webhook 1 calls http://127.0.0.1")
        assert len(told.rpartition(" ")[2]) >= 40
        assert [hook.events for hook in run("webhooks")] == [("version.*", "alias.*")]
        assert run("test-webhook 1").startswith("delivered: answered 200")
        reg.register_files(tmp_path / "a.bin", "digits")
        assert [d.action for d in run("deliver-webhooks")] == ["version.registered"]
        assert [d.action for d in run("deliveries 1")] == ["version.registered", "webhook.test"]
        assert "version.registered" in run("deliveries 1")._repr_html_()
        first = run("deliveries 1")[0]
        assert (run(f"redeliver {first.id}").state, len(run("deliver-webhooks"))) == ("waiting", 1)
        changed = run("edit-webhook 1 --events alias.* --model digits --paused")
        assert (changed.events, changed.model, changed.active) == (("alias.*",), "digits", False)
        assert run("edit-webhook 1 --active").active
        assert run("remove-webhook 1") == "Webhook 1 is removed."
    with pytest.raises(NotFound, match="no webhook 1"):
        run("deliveries 1")
