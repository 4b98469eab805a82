"""Points: what one has earned, from a ledger that is only ever added to."""
