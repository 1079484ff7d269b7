"""Whether who asks a private deployment is one of its clients."""

import binascii
import hmac
from base64 import b64decode
from collections.abc import Sequence

from jupyter_modelmgmt.store.clients import digest
from jupyter_modelmgmt.store.deployments import Key


def is_client(authorization: bytes, keys: Sequence[Key]) -> bool:
    """Tell whether the header `authorization` carries the token of one of `keys`. Source: P12, P15, T3."""
    scheme, _, said = authorization.decode("latin-1").partition(" ")
    match scheme.lower():
        case "bearer":
            return _holds(said.strip(), keys)
        case "basic":
            try:
                name, _, token = b64decode(said, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                return False
            return _holds(token, [key for key in keys if key.name == name])
    return False


def _holds(token: str, keys: Sequence[Key]) -> bool:
    # All are looked at: how long it takes tells nothing of which one it was.
    found = [hmac.compare_digest(digest(key.salt, token), key.hash) for key in keys]
    return any(found)
