"""Serving: a host process routes requests to workers, one process per replica of a version."""
