"""What a person could do this week, each thing with its reason and what it is out of."""
