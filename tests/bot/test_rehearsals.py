"""Every script in tests/rehearsals is played, and what it expects must be true afterwards.

What a script expects is matched as a part of what came: an object must hold the named keys, a list of objects must
hold a match for each in order and nothing more, `~text` is a text that is contained, `!text` one that is not.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bot.rehearsal import Theatre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlu.parser import Parser
    from nlu.policy.library import PolicyLibrary

FOLDER = Path(__file__).parent.parent / "rehearsals"


def load() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yml")):
        for script in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield pytest.param(script, id=script["id"])


@pytest.fixture(scope="session")
def theatre(parser: Parser, library: PolicyLibrary) -> Iterator[Theatre]:
    with Theatre(parser, library) as theatre:
        yield theatre


SCRIPTS = list(load())


def test_there_are_enough_scripts() -> None:
    ids = [script.id for script in SCRIPTS]
    assert len(ids) >= 30
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("script", SCRIPTS)
def test_rehearsal(theatre: Theatre, script: dict[str, Any]) -> None:
    expected = script["expect"]
    assert expected, "a script that expects nothing proves nothing"
    played = theatre.play({key: value for key, value in script.items() if key != "expect"})
    said = "\n".join(f"{r['turn']:>3} → {r['to']}: {r['text']} {r['buttons'] or ''}" for r in played["replies"])
    for reply in expected.get("replies", []):
        check_replies(played["replies"], reply, said)
    check(played["state"], expected.get("state", {}), "state", said)
    assert not [line for line in played["log"] if "level=error" in line], played["log"]


def check_replies(replies: list[dict[str, Any]], expected: dict[str, Any], said: str) -> None:
    """The texts of one turn to one person (u1 unless told), taken together."""
    turn, to = expected["turn"], expected.get("to", "u1")
    texts = [r["text"] for r in replies if r["turn"] == turn and r["to"] == to]
    together = "\n".join(texts)
    if expected.get("silent"):
        assert not texts, f"turn {turn}: {to} should hear nothing\n{said}"
        return
    assert texts, f"turn {turn}: {to} hears nothing\n{said}"
    for part in expected.get("contains", []):
        assert part in together, f"turn {turn} to {to} lacks {part!r}\n{said}"
    for part in expected.get("lacks", []):
        assert part not in together, f"turn {turn} to {to} has {part!r}\n{said}"
    for label in expected.get("buttons", []):
        labels = [label for r in replies if r["turn"] == turn and r["to"] == to for label in r["buttons"]]
        assert label in labels, f"turn {turn} to {to} offers {labels}\n{said}"


def check(actual: Any, expected: Any, where: str, said: str) -> None:
    if isinstance(expected, dict):
        assert isinstance(actual, dict), f"{where} is {actual!r}\n{said}"
        for key, value in expected.items():
            assert key in actual, f"{where} has no {key}\n{said}"
            check(actual[key], value, f"{where}.{key}", said)
    elif isinstance(expected, list) and expected and all(isinstance(item, dict) for item in expected):
        assert len(actual) == len(expected), f"{where} holds {len(actual)}: {actual}\n{said}"
        for place, item in enumerate(expected):
            check(actual[place], item, f"{where}[{place}]", said)
    elif isinstance(expected, str) and expected[:1] == "~":
        assert expected[1:] in str(actual), f"{where} is {actual!r}, lacks {expected[1:]!r}\n{said}"
    elif isinstance(expected, str) and expected[:1] == "!":
        assert expected[1:] not in str(actual), f"{where} is {actual!r}, has {expected[1:]!r}\n{said}"
    else:
        assert actual == expected, f"{where} is {actual!r}, not {expected!r}\n{said}"
