"""The Jupyter server extension: REST below `modelmgmt/api/v1`, and the registry's events."""
