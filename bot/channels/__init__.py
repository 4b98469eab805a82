"""Channels: one file a platform, which turns its updates into Inbound and sends what the outbox holds."""
