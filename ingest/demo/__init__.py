"""A fictitious town council and the loopback servers that speak for it."""

from datetime import date

from ingest.demo.run import prepare

WINDOW = (date(2018, 1, 1), date(2025, 1, 1))  # both local elections and the years between

__all__ = ["WINDOW", "prepare"]
