"""What `make bench` measures: each module's `figures()` yields ratios taken in one run."""
