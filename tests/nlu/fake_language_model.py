"""A language model in the test process, which says what the test tells it to."""

from __future__ import annotations

import json

from tests.nlu.fake_server import FakeServer


def completion(text: object) -> str:
    """A chat completion as OpenAI's servers write it."""
    message = {"role": "assistant", "content": text}
    return json.dumps({"id": "1", "object": "chat.completion", "choices": [{"index": 0, "message": message}]})


class FakeLanguageModel(FakeServer):
    """Says the same to everything."""

    def __init__(self, text: str = "好") -> None:
        super().__init__(body=completion(text))

    def says(self, text: str) -> None:
        self.body = completion(text)

    @property
    def shown(self) -> list[str]:
        """What it was given to work on, without the instruction."""
        return [asked["messages"][-1]["content"] for _, asked in self.heard]
