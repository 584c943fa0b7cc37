"""Rosters from elsewhere: each format becomes found people, one plan shows what would change.

    file or answer ──recognise──▶ one format's module ──▶ Found ──plan──▶ changes ──confirm──▶ CSV

A format is one module with `read(content, options) -> Found`. What a source says that we
cannot keep is counted and reported, never guessed.
"""
