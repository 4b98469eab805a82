"""Codes that people type: short, without characters that are taken for others, and not to be guessed."""

from __future__ import annotations

import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Capital letters and digits without 0, O, 1 and I."""

LENGTH = 8


def new_code() -> str:
    """A code of eight characters, 40 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
