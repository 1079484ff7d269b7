"""The registry: one method per verb of a user, the same in a kernel, a server and a terminal."""

from jupyter_modelmgmt.registry.handles import Listing, RunningDeployment, Version
from jupyter_modelmgmt.registry.registry import Registry, connect

__all__ = ["Listing", "Registry", "RunningDeployment", "Version", "connect"]
