"""What is remembered: tables and stores, one file a feature."""
