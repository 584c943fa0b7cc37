"""A fictitious town council and the loopback servers that speak for it."""

from ingest.demo.run import prepare

__all__ = ["prepare"]
