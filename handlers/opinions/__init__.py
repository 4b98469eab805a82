"""Opinions: what people say about a clause of the policy, for those who draft it."""
