"""Editions: scorecards frozen for publication, read from one published copy."""

from pathlib import Path

FOLDER = Path("editions") / "site"  # of what is published, below the data folder
