"""Trains the encoder and what stands on it, offline: `make train`. Nothing here is imported when the bot runs."""
