"""Alembic runs this file; `migrations.upgrade` hands it an open connection."""

from alembic import context

from jupyter_modelmgmt.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
