"""Webhooks against a real receiver, on both databases."""

import json
import logging
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from jupyter_modelmgmt.domain.errors import BadInput, NotFound
from jupyter_modelmgmt.domain.webhooks import WAITS_S, DeliveryState, signature
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.registry.courier import Courier
from jupyter_modelmgmt.store import deliveries, schema
from tests.servers.receiver import Receiver
from tests.servers.waiting import until

SECRET = "correct-horse-battery"
_D = schema.deliveries.c


@pytest.fixture
def receiver():
    with Receiver.running() as running:
        yield running


@pytest.fixture
def register(any_reg, tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights")
    return lambda name="digits": any_reg.register_files(path, name, allow_identical=True)


def due_now(reg):
    """Let every waiting delivery be due."""
    with reg.store.write() as c:
        c.execute(update(schema.deliveries).where(_D.state == "waiting").values(next_at=datetime.now(UTC)))


def waits(next_at, begun, wait_s):
    """Tell whether a call that began and failed since `begun` is made again after `wait_s`, or a fifth more."""
    wait = timedelta(seconds=wait_s)
    return begun + wait <= next_at <= datetime.now(UTC) + wait * 1.2


def test_an_event_arrives_signed(any_reg, register, receiver):
    hook = any_reg.add_webhook(receiver.url, secret=SECRET)
    register()
    (done,) = any_reg.deliver()
    (call,) = receiver.calls
    event = any_reg.history("digits@1.0.0")[0]
    assert call.path == "/hook?team=a"
    assert json.loads(call.body)["action"] == call.headers["X-Modelmgmt-Event"] == "version.registered"
    assert int(call.headers["X-Modelmgmt-Event-Id"]) == json.loads(call.body)["id"] == event.id
    assert call.headers["X-Modelmgmt-Signature"] == signature(SECRET, call.headers["X-Modelmgmt-Timestamp"], call.body)
    assert abs(int(call.headers["X-Modelmgmt-Timestamp"]) - time.time()) < 60
    assert (done.webhook, done.state, done.http_status, done.attempts) == (hook.id, DeliveryState.DELIVERED, 200, 1)
    assert int(call.headers["X-Modelmgmt-Delivery"]) == done.id
    assert list(any_reg.deliveries(hook.id)) == [done]
    assert any_reg.deliver() == ()


def test_events_are_chosen_by_pattern_and_model(any_reg, register, receiver):
    any_reg.add_webhook(receiver.url, "version.promoted, alias.*", model="Digits", body='{"to": "${stage}${alias}"}')
    register()
    register("words")
    for name in ("digits", "words"):
        any_reg.promote(name, "staging")
        any_reg.set_alias(f"{name}@1.0.0", "champion")
    any_reg.deliver()
    assert sorted(json.loads(call.body)["to"] for call in receiver.calls) == ["champion", "staging"]


def test_what_happened_before_is_not_told(any_reg, register, receiver):
    register()
    hook = any_reg.add_webhook(receiver.url)
    any_reg.update_webhook(hook.id, active=False)
    register()
    assert any_reg.deliver() == ()
    any_reg.update_webhook(hook.id, active=True)
    register()
    any_reg.deliver()
    assert [json.loads(call.body)["version"] for call in receiver.calls] == ["1.2.0"]


def test_the_secret_is_told_once_and_kept_from_all_else(any_reg, register, receiver, caplog):
    caplog.set_level(logging.DEBUG)
    made = any_reg.add_webhook(receiver.url)
    assert re.fullmatch("[0-9a-f]{64}", made.secret)
    receiver.behaviours = [500]
    register()
    told = [any_reg.webhooks(), any_reg.webhook(made.id), any_reg.update_webhook(made.id, model="digits"), any_reg.deliver(),
            any_reg.history(), any_reg.deliveries(made.id), any_reg.events(), caplog.text]  # fmt: skip
    assert made.secret not in repr(told)
    assert made.secret not in any_reg.webhooks()._repr_html_()
    assert "team=a" not in repr(any_reg.history())


@pytest.mark.parametrize(
    ("behaviour", "status", "error"),
    [
        (500, 500, "Answered 500: thanks"),
        (404, 404, "Answered 404"),
        ("redirect", 302, "redirects are not followed"),
        ("die", 0, "RemoteDisconnected"),
        ("sleep", 0, "No answer within 0.5 s"),
        ("drip", 0, "No answer within 0.5 s"),
        ("flood", 500, "Answered 500: xxx"),
    ],
)
def test_a_failing_receiver_is_written_down_and_asked_again(reg, receiver, behaviour, status, error, tmp_path):
    reg.add_webhook(receiver.url)
    (tmp_path / "a.bin").write_bytes(b"a")
    reg.register_files(tmp_path / "a.bin", "digits")
    receiver.behaviours = [behaviour]
    begun = datetime.now(UTC)
    # Who answers at all has as long as that takes here.
    (failed,) = Courier(reg.store, timeout_s=0.5 if behaviour in ("sleep", "drip") else 60).deliver()
    assert (failed.state, failed.http_status, failed.attempts) == (DeliveryState.WAITING, status, 1)
    assert waits(failed.next_at, begun, WAITS_S[0])
    assert error in failed.error
    assert len(failed.error) < 300
    due_now(reg)
    (done,) = reg.deliver()
    assert (done.id, done.state, done.attempts, done.error) == (failed.id, DeliveryState.DELIVERED, 2, "")
    assert [call.path for call in receiver.calls] == ["/hook?team=a"] * 2
    assert receiver.calls[0].headers["X-Modelmgmt-Event-Id"] == receiver.calls[1].headers["X-Modelmgmt-Event-Id"]


def test_waits_grow_and_then_it_is_given_up(any_reg, register, receiver):
    hook = any_reg.add_webhook(receiver.url)
    register()
    receiver.behaviours = [503] * 10
    for wait in WAITS_S:
        begun = datetime.now(UTC)
        (failed,) = any_reg.deliver()
        assert waits(failed.next_at, begun, wait)
        due_now(any_reg)
    (last,) = any_reg.deliver()
    assert (last.state, last.attempts, last.next_at) == (DeliveryState.FAILED, len(WAITS_S) + 1, None)
    due_now(any_reg)
    assert any_reg.deliver() == ()
    receiver.behaviours = []
    waiting = any_reg.redeliver(last.id)
    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 0)
    assert [d.state for d in any_reg.deliver()] == [DeliveryState.DELIVERED]
    assert len(any_reg.deliveries(hook.id)) == 1


def test_nobody_there_is_a_failure_like_others(any_reg, register):
    with Receiver.running() as gone:
        url = gone.url
    any_reg.add_webhook(url)
    register()
    (failed,) = any_reg.deliver()
    assert (failed.state, failed.http_status) == (DeliveryState.WAITING, 0)
    assert "refused" in failed.error.lower()


def test_a_test_call_is_made_now_and_once(any_reg, receiver):
    hook = any_reg.add_webhook(receiver.url, "alias.set", body='{"text": "${event_type}"}')
    assert any_reg.test_webhook(hook.id).state == DeliveryState.DELIVERED
    assert json.loads(receiver.calls[0].body) == {"text": "webhook.test"}
    receiver.behaviours = [500]
    failed = any_reg.test_webhook(hook.id)
    assert (failed.state, failed.action, failed.http_status) == (DeliveryState.FAILED, "webhook.test", 500)
    assert [d.state for d in any_reg.deliveries(hook.id)] == [DeliveryState.FAILED, DeliveryState.DELIVERED]
    any_reg.redeliver(failed.id)
    assert [d.state for d in any_reg.deliver()] == [DeliveryState.DELIVERED]


def test_two_servers_on_one_database_deliver_each_event_once(any_reg, register, receiver, database_url, tmp_path):
    any_reg.add_webhook(receiver.url)
    for _ in range(20):
        register()
    others = [connect(database_url, artifacts=tmp_path / "registry") for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(lambda other: len(other.deliver()), others))
    for other in others:
        other.close()
    assert sum(counts) == len(receiver.calls) == 20
    assert len({call.headers["X-Modelmgmt-Event-Id"] for call in receiver.calls}) == 20


def test_the_delivery_of_a_process_that_died_is_taken_over(reg, receiver, tmp_path):
    hook = reg.add_webhook(receiver.url)
    (tmp_path / "a.bin").write_bytes(b"a")
    reg.register_files(tmp_path / "a.bin", "digits")
    receiver.behaviours = ["sleep"]
    program = f"from jupyter_modelmgmt.registry import connect; connect({reg.store.url!r}).deliver()"
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        while not receiver.calls:
            assert process.poll() is None
            time.sleep(0.05)
        process.kill()
    assert reg.deliver() == ()  # its claim still holds
    with reg.store.write() as c:
        lease = c.execute(select(_D.next_at)).scalar_one()
        assert timedelta(seconds=30) < lease - datetime.now(UTC) <= timedelta(seconds=deliveries.LEASE_S)
    due_now(reg)
    (done,) = reg.deliver()
    assert (done.state, done.attempts) == (DeliveryState.DELIVERED, 2)
    assert len(reg.deliveries(hook.id)) == 1


def test_who_lost_a_claim_does_not_write_over_the_next(any_reg, register, receiver):
    any_reg.add_webhook(receiver.url)
    register()
    deliveries.prepare(any_reg.store)
    (late,) = deliveries.claim(any_reg.store, 1)
    due_now(any_reg)
    any_reg.deliver()
    written = deliveries.finish(any_reg.store, late, deliveries.Answer(error="too late"))
    assert (written.state, written.error, written.attempts) == (DeliveryState.DELIVERED, "", 2)


def test_a_slow_receiver_holds_nobody_else_up(any_reg, register, receiver):
    with Receiver.running() as slow:
        slow.behaviours = ["sleep"]
        any_reg.add_webhook(slow.url)
        any_reg.add_webhook(receiver.url)
        register()
        thread = threading.Thread(target=Courier(any_reg.store, timeout_s=200).deliver)
        thread.start()
        until(lambda: receiver.calls)
        any_reg.search()  # no transaction is open during a call
        register("words")
        slow.ended.set()
        thread.join()


def test_stopping_cuts_a_call_which_is_made_again_later(any_reg, register, receiver):
    any_reg.add_webhook(receiver.url)
    register()
    receiver.behaviours = ["sleep"]
    courier = Courier(any_reg.store, timeout_s=200)
    thread = threading.Thread(target=courier.deliver)
    thread.start()
    until(lambda: receiver.calls)
    courier.stop()
    thread.join(60)
    assert not thread.is_alive()
    due_now(any_reg)
    assert [d.state for d in any_reg.deliver()] == [DeliveryState.DELIVERED]


def test_the_log_is_cut_and_comes_in_pages(any_reg, register, receiver, monkeypatch):
    monkeypatch.setattr(deliveries, "KEPT", 3)
    hook = any_reg.add_webhook(receiver.url)
    for _ in range(6):
        register()
        any_reg.deliver()
    assert len(any_reg.deliveries(hook.id)) == 3
    page = any_reg.deliveries_page(hook.id, limit=2)
    assert len(any_reg.deliveries_page(hook.id, limit=2, cursor=page.next_cursor).items) == 1


def test_webhooks_are_changed_and_removed(any_reg, register, receiver):
    hook = any_reg.add_webhook(receiver.url)
    changed = any_reg.update_webhook(
        hook.id, events="alias.*", body='"${alias}"', model="digits", url=receiver.url + "b"
    )
    assert (changed.events, changed.body, changed.model, changed.url[-1]) == (("alias.*",), '"${alias}"', "digits", "b")
    register()
    any_reg.remove_webhook(hook.id)
    assert any_reg.webhooks() == any_reg.deliver() == ()
    assert [e.action for e in any_reg.history() if e.action.startswith("webhook")] == [
        "webhook.removed", "webhook.edited", "webhook.added",
    ]  # fmt: skip


def test_mistakes_are_told(any_reg):
    for verb in (
        any_reg.webhook,
        any_reg.remove_webhook,
        any_reg.test_webhook,
        any_reg.deliveries,
        any_reg.update_webhook,
    ):
        for number in (1, -1, 2**70):
            with pytest.raises(NotFound, match="There is no webhook"):
                verb(number)
    with pytest.raises(NotFound, match="There is no delivery 1"):
        any_reg.redeliver(1)
    hook = any_reg.add_webhook("http://127.0.0.1:9/")
    for changes in ({"color": 1}, {"active": "yes"}, {"url": "ftp://a"}, {"url": 3}, {"events": ""}, {"body": "x"},
                    {"model": "a b"}, {"webhook": 3}, {"secret": "another-one"}):  # fmt: skip
        with pytest.raises(BadInput) as raised:
            any_reg.update_webhook(hook.id, **changes)
        assert "\n" not in str(raised.value)
