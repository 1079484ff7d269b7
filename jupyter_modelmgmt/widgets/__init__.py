"""Widgets: the pages' components in a cell."""
