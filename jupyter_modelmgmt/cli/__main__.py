"""`python -m jupyter_modelmgmt.cli`: the same as `jupyter modelmgmt`."""

import sys

from jupyter_modelmgmt.cli import main

sys.exit(main())
