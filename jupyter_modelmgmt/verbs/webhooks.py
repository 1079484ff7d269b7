"""Verbs that tell other programs what happens."""

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.verbs.base import Arguments, Namespace, Told, Verb, arg, flag

WEBHOOK = arg("webhook", type=int, help="its number, see webhooks")


def _add(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    made = reg.add_webhook(args.url, args.events, model=args.model, secret=args.secret, body=args.body)
    return Told.of(f"Webhook {made.id} calls {made.url}. Its secret, shown only now: {made.secret}", made)


def _edit(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    said = {name: getattr(args, name) for name in ("url", "events", "model", "body", "active")}
    return reg.update_webhook(args.webhook, **{name: value for name, value in said.items() if value is not None})


def _remove(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    reg.remove_webhook(args.webhook)
    return f"Webhook {args.webhook} is removed."


def _test(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    done = reg.test_webhook(args.webhook)
    return f"{done.state.value}: {done.error or f'answered {done.http_status}'} ({done.duration_ms:.0f} ms)"


def _deliveries(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.deliveries(args.webhook, limit=args.limit)


VERBS: dict[str, Verb] = {
    "webhooks": Verb("List webhooks", (), lambda reg, _args, _: reg.webhooks()),
    "add-webhook": Verb(
        "Call an address when something happens",
        (
            arg("url", help="http or https; addresses inside the network are allowed"),
            arg("--events", default="version.*", help="patterns, comma separated (version.*)"),
            arg("--model", default="", help="only events of this model"),
            arg("--secret", default="", help="what signs the calls; else one is made up"),
            arg("--body", default="", help="a JSON template with ${model}, ${version} and others; else the event"),
        ),
        _add,
    ),
    "edit-webhook": Verb(
        "Change what a webhook calls and when, or let it rest",
        (
            WEBHOOK,
            arg("--address", dest="url", help="http or https"),
            arg("--events", help="patterns, comma separated"),
            arg("--model", help="only events of this model; '' for all"),
            arg("--body", help="a JSON template; '' for the event"),
            *flag("active", "active", "paused", "it calls"),
        ),
        _edit,
    ),
    "remove-webhook": Verb("Call an address no more", (WEBHOOK,), _remove),
    "test-webhook": Verb("Call a webhook now with a made-up event", (WEBHOOK,), _test),
    "deliveries": Verb(
        "Show what was sent to a webhook",
        (WEBHOOK, arg("--limit", type=int, default=50, help="how many at most (50)")),
        _deliveries,
    ),
    "redeliver": Verb(
        "Make a delivery once more",
        (arg("delivery", type=int, help="its number, see deliveries"),),
        lambda reg, args, _: reg.redeliver(args.delivery),
    ),
    "deliver-webhooks": Verb(
        "Make the calls that are due; a Jupyter server does so by itself", (), lambda reg, _args, _: reg.deliver()
    ),
}
