"""The metrics again, slowly: loops that read like METHOD, to hold the SQL against."""
