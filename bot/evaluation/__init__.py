"""Measures understanding on sentences that took no part in training: `gridbot evaluate`."""
