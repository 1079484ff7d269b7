"""Verbs on webhooks: telling other programs what happens here."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.domain import webhooks as rules
from jupyter_modelmgmt.domain.errors import BadField, NotFound
from jupyter_modelmgmt.domain.fields import checked_name
from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.domain.webhooks import AddedWebhook, Delivery, Webhook
from jupyter_modelmgmt.registry.courier import Courier
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import deliveries, webhooks


class Webhooks(Opened):
    """Add and remove webhooks, look at what was delivered, deliver."""

    def add_webhook(
        self,
        url: str,
        events: str | Sequence[str] = ("version.*",),
        *,
        model: str = "",
        secret: str = "",
        body: str = "",
    ) -> AddedWebhook:
        """Let `url` be called with each event from now on that fits one of the patterns `events`.

        The Jupyter server delivers; without one, `reg.deliver()` does. A call that fails is tried
        again after 1 s, 5 s, 30 s, 2 min, 10 min, 1 h. Redirects are not followed; addresses inside
        the network are allowed. The header `X-Modelmgmt-Event-Id` tells calls made twice.

        `body` is JSON with `${event_type}`, `${event_author}`, `${model}`, `${version}`, `${stage}`,
        `${alias}`, `${tag}` in its texts; empty, the event itself is sent. `secret` signs the calls;
        an empty one is made up. It is returned here and never again. A receiver verifies by
        `hmac.compare_digest(headers["X-Modelmgmt-Signature"], "sha256=" + hmac.new(secret.encode(),
        headers["X-Modelmgmt-Timestamp"].encode() + b"." + body, "sha256").hexdigest())`.

        Raises BadField.
        """
        said = _checked({"url": url, "events": events, "model": model, "body": body})
        kept = rules.checked_secret(secret) if secret else secrets.token_hex(32)
        return webhooks.add(self.store, said, kept, actor=self.actor)

    def webhooks(self) -> Listing[Webhook]:
        """Return all webhooks."""
        return Listing(webhooks.every(self.store))

    def webhook(self, webhook: int) -> Webhook:
        """Return one webhook. Raises NotFound."""
        return webhooks.get(self.store, webhook)

    def update_webhook(self, webhook: int, /, **changes: Any) -> Webhook:
        """Change url, events, model, body or active of a webhook. Raises NotFound, BadField."""
        return webhooks.change(self.store, webhook, _checked(changes), actor=self.actor)

    def remove_webhook(self, webhook: int) -> None:
        """Forget a webhook with its log. Raises NotFound."""
        webhooks.remove(self.store, webhook, actor=self.actor)

    def test_webhook(self, webhook: int) -> Delivery:
        """Call a webhook now with a made-up event, `webhook.test`, and return what came of it."""
        done = Courier(self.store).carry(deliveries.claim_test(self.store, webhook, actor=self.actor))
        if done is None:
            raise NotFound(f"The webhook {webhook} was removed during the test.")
        return done

    def deliveries(self, webhook: int, *, limit: int = 50) -> Listing[Delivery]:
        """Return what was sent to a webhook and what came of it, the last first. Raises NotFound."""
        return Listing(self.deliveries_page(webhook, limit=limit).items)

    def deliveries_page(self, webhook: int, *, limit: int = 50, cursor: str | None = None) -> Page[Delivery]:
        return deliveries.page(self.store, webhook, limit=limit, cursor=cursor)

    def redeliver(self, delivery: int) -> Delivery:
        """Let a delivery be made once more, as if it was new. Raises NotFound."""
        return deliveries.again(self.store, delivery)

    def deliver(self) -> Listing[Delivery]:
        """Make the calls that are due and return what came of them; for scripts without a Jupyter server."""
        return Listing(Courier(self.store).deliver())


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    for field, value in changes.items():
        if field not in _CHECKS:
            raise BadField(f"{field!r} is not a field of a webhook. There are {', '.join(_CHECKS)}.")
        kind, told, _ = _CHECKS[field]
        if not isinstance(value, kind):
            raise BadField(f"{field} is {told}.")
    return {field: _CHECKS[field][2](value) for field, value in changes.items()}


_CHECKS: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "url": (str, "a text", rules.checked_url),
    "events": (str | list | tuple, "a list of patterns", lambda value: list(rules.checked_patterns(value))),
    "model": (str, "a text", lambda value: checked_name(value) if value else ""),
    "body": (str, "a text", rules.checked_body),
    "active": (bool, "true or false", bool),
}
