"""What a browser shows: pages, charts and words."""
