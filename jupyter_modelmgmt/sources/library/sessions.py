"""HTTP sessions that ask again where a server, or the way to it, fails for a moment; pip and npm do so too."""

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

_AGAIN = Retry(
    total=2,
    backoff_factor=0.3,
    status_forcelist=(502, 503, 504),
    raise_on_status=False,
    respect_retry_after_header=False,
)


def session() -> requests.Session:
    """Return a new session; what still fails after two more requests raises as with any other."""
    made = requests.Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, HTTPAdapter(max_retries=_AGAIN))
    return made
