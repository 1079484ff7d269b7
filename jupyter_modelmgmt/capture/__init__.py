"""Capture: what a notebook knows at the moment of registering."""
