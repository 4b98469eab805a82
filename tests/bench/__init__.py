"""The bench: measures the figures that the project promises, each against its target (`make bench`)."""
