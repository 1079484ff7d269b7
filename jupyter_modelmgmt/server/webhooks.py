"""Routes of webhooks."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.domain.webhooks import AddedWebhook, Delivery, Webhook
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhookBody:
    """An address and what it is told of; an empty `secret` is made up."""

    url: str
    events: tuple[str, ...] = ("version.*",)
    model: str = ""
    secret: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesQuery:
    limit: int = 50
    cursor: str | None = None


class WebhooksHandler(RegistryHandler):
    @answers("List webhooks", answer=wire.Items[Webhook])
    async def get(self) -> None:
        self.send(wire.Items(items=await self.call(self.registry.webhooks)))

    @answers(
        "Add a webhook; its secret is answered here and never again",
        body=NewWebhookBody,
        answer=AddedWebhook,
        status=201,
    )
    async def post(self) -> None:
        b = self.body(NewWebhookBody)
        add = self.registry.add_webhook
        self.send(await self.call(add, b.url, b.events, model=b.model, secret=b.secret, body=b.body), 201)


class WebhookHandler(RegistryHandler):
    @answers("Read a webhook", answer=Webhook)
    async def get(self, webhook: str) -> None:
        self.send(await self.call(self.registry.webhook, self.number(webhook)))

    @answers("Change url, events, model, body or active", body=dict[str, Any], answer=Webhook)
    async def patch(self, webhook: str) -> None:
        changes = self.body(dict[str, Any])
        self.send(await self.call(partial(self.registry.update_webhook, self.number(webhook), **changes)))

    @answers("Remove a webhook", status=204)
    async def delete(self, webhook: str) -> None:
        await self.call(self.registry.remove_webhook, self.number(webhook))
        self.send_nothing()


class TestHandler(RegistryHandler):
    @answers("Call a webhook now with a made-up event", answer=Delivery)
    async def post(self, webhook: str) -> None:
        self.send(await self.call(self.registry.test_webhook, self.number(webhook)))


class DeliveriesHandler(RegistryHandler):
    @answers("Read what was sent to a webhook", query=DeliveriesQuery, answer=Page[Delivery])
    async def get(self, webhook: str) -> None:
        q = self.query(DeliveriesQuery)
        page = self.registry.deliveries_page
        self.send(await self.call(page, self.number(webhook), limit=q.limit, cursor=q.cursor))


class RedeliverHandler(RegistryHandler):
    @answers("Let a delivery be made once more", answer=Delivery)
    async def post(self, delivery: str) -> None:
        self.send(await self.call(self.registry.redeliver, self.number(delivery)))
