"""Clients of private deployments: names, and salted hashes of their tokens. Source: P15, T3."""

import hashlib
import secrets

from sqlalchemy import delete, insert, select

from jupyter_modelmgmt.domain import deploying
from jupyter_modelmgmt.domain.deployments import AddedClient, Client
from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.store import events, revisions, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.deployments import row_of
from jupyter_modelmgmt.store.events import now

_K = schema.deployment_clients.c
_TOKEN_BYTES = 32  # in hexadecimal: one that began with a dash would be an option on a command line


def add(store: Store, deployment: str, name: str, *, actor: str) -> AddedClient:
    """Let `name` ask a deployment and return its token, this once; a name that is there gets another token."""
    deploying.checked_client(name)
    token, salt = secrets.token_hex(_TOKEN_BYTES), secrets.token_hex(16)
    with store.write() as c:
        row = row_of(c, deployment)
        at = now()
        gone = c.execute(delete(schema.deployment_clients).where(_K.deployment_id == row.id, _K.name == name)).rowcount
        c.execute(insert(schema.deployment_clients).values(
            deployment_id=row.id, name=name, salt=salt, hash=digest(salt, token),
            created_at=at, created_by=actor))  # fmt: skip
        message = f"{'Replace the token of' if gone else 'Create'} the client {name}"
        revisions.note(c, row, actor=actor, message=message)
        events.write(
            c, actor, "deployment.client_added", model=row.model, version=row.version, deployment=deployment,
            client=name, running=row.running,
        )  # fmt: skip
    return AddedClient(name=name, token=token, created_at=at, created_by=actor)


def remove(store: Store, deployment: str, name: str, *, actor: str) -> None:
    """Let `name` ask no more. Raises NotFound."""
    with store.write() as c:
        row = row_of(c, deployment)
        gone = c.execute(delete(schema.deployment_clients).where(_K.deployment_id == row.id, _K.name == name)).rowcount
        if not gone:
            raise NotFound(f"{deployment} has no client {name[:80]!r}. See `%model clients {deployment}`.")
        revisions.note(c, row, actor=actor, message=f"Remove the client {name}")
        events.write(
            c, actor, "deployment.client_removed", model=row.model, version=row.version, deployment=deployment,
            client=name, running=row.running,
        )  # fmt: skip


def every(store: Store, deployment: str) -> tuple[Client, ...]:
    """Return the clients of a deployment by name; nobody learns their tokens again. Raises NotFound."""
    with store.read() as c:
        row = row_of(c, deployment)
        rows = c.execute(select(schema.deployment_clients).where(_K.deployment_id == row.id).order_by(_K.name)).all()
    return tuple(Client(name=r.name, created_at=r.created_at, created_by=r.created_by) for r in rows)


def digest(salt: str, token: str) -> str:
    """Return the hash that is kept: the token has 256 random bits, so one round does."""
    return hashlib.sha256(f"{salt}:{token}".encode()).hexdigest()
