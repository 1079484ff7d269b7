"""The store: records in a SQL database. Each function is one transaction."""

from jupyter_modelmgmt.store.connection import Store

__all__ = ["Store"]
