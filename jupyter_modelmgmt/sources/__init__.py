"""Sources: where the files of a version come from."""
