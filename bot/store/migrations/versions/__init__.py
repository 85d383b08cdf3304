"""The changes themselves; a new one is written by hand and tested against `tables.py`."""
