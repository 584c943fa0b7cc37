"""One module is one source; every module in this folder is a source."""
