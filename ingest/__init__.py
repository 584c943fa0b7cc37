"""Collect public posts and prove which days are known."""
