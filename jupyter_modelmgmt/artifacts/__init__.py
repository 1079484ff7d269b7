"""Bytes of versions: blobs addressed by the digest of their content, and uploads on their way in."""

from jupyter_modelmgmt.artifacts.blobs import Blobs, Stored
from jupyter_modelmgmt.artifacts.locations import blobs_at
from jupyter_modelmgmt.artifacts.uploads import Uploads

__all__ = ["Blobs", "Stored", "Uploads", "blobs_at"]
