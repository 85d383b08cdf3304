"""Oberih: a triage assistant against human trafficking."""

from pathlib import Path

__version__ = "0.1.0"

PROJECT_ROOT = Path(__file__).resolve().parent.parent
"""The checkout this program runs from; `data/`, `config.yml` and `var/` lie in it."""
