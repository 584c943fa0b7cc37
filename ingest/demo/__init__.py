"""A fictitious town council and the loopback servers that speak for it."""
