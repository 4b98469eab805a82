"""Statistics: the figures of an area, beside what the policy document wants of it."""
