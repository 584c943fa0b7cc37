"""Score the tables that `ingest` filled and publish a checked copy."""
