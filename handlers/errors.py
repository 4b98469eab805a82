"""The failures that are answers."""


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """Something that the bot will not do; `str(refusal)` is what the person is told, and nothing is written.

    A `final` one also ends the form that led to it, because no other answer would help.
    """

    def __init__(self, text: str, *, final: bool = False) -> None:
        super().__init__(text)
        self.final = final
