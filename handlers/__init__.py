"""What the bot can do: one folder a feature."""
