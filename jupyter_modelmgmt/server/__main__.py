"""`python -m jupyter_modelmgmt.server` prints the OpenAPI document; `npm run types` reads it."""

import json
import sys

from jupyter_modelmgmt.server.openapi import document
from jupyter_modelmgmt.server.routes import ROUTES

sys.stdout.write(json.dumps(document(ROUTES), indent=2) + "\n")
