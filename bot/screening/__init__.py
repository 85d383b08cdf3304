"""Screening by the ILO operational indicators: what answers say, for a desk to judge."""
