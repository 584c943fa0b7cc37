"""Editions: scorecards frozen for publication, read from one published copy."""
