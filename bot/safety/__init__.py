"""Danger, emergency cards and help lines."""
