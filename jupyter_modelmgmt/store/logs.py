"""The logs that a version's life leaves: statuses, and when it was in which stage."""

from jupyter_modelmgmt.store import schema
from jupyter_modelmgmt.store.prepared import Prepared, adding

LOG_STATUS = Prepared(adding(schema.status_log, "version_id", "at", "actor", "status", "reason"))
ENTER_STAGE = Prepared(
    adding(schema.stage_periods, "model_id", "version_id", "stage", "entered_at", "actor", "comment")
)
