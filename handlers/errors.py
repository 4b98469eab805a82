"""The failures that are answers."""


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """Something that the bot will not do; `str(refusal)` is what the person is told, and nothing is written."""
