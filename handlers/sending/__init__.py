"""Sending: how fast each channel may send, when a broadcast would be through, and what admins hear of a stop."""
