"""Reporting: questions, preview, consent, and what a receipt tells afterwards."""
