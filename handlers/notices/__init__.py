"""Notices: one message to exactly the right people, now or at a time, with who has confirmed."""
