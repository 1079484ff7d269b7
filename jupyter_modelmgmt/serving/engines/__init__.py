"""Engines run deployments; `local` runs them as processes of this machine."""
