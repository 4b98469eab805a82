"""The settings say what understands, and a wrong one is one clear sentence before anything starts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import HttpUrl
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app import build_parser
from bot.schema import SetUpError
from bot.settings import Settings
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from tests.conftest import MODELS
from tests.nlu.fake_rasa import FakeRasa, ranked, rasa_says
from tests.nlu.fake_server import serving

if TYPE_CHECKING:
    from nlu.parser import Parser

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)


def parser_of(url: str) -> Parser:
    return build_parser(Settings(nlu="rasa", rasa_url=HttpUrl(url), rasa_timeout=10, data_dir=MODELS.parent))


def test_a_rasa_server_ranks_and_we_read_the_rest(parser: Parser) -> None:
    text = "明天下午三点3栋开会"
    with serving(FakeRasa()) as rasa:
        rasa.body = rasa_says(ranked(Intent.DELETE_MY_DATA))
        understood = parser_of(rasa.url).parse(text, NOW)
    assert understood.intent is Intent.DELETE_MY_DATA
    assert understood.entities == parser.parse(text, NOW).entities != ()


def test_without_its_server_everything_is_as_if_it_were_not_set(parser: Parser) -> None:
    with serving(FakeRasa()) as gone:
        pass
    assert parser_of(gone.url).parse("我有多少分", NOW) == parser.parse("我有多少分", NOW)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("GRIDBOT_NLU", "bert", "GRIDBOT_NLU: Input should be 'embedded' or 'rasa'"),
        ("GRIDBOT_RASA_URL", "rasa:5005", "GRIDBOT_RASA_URL: URL scheme should be 'http' or 'https'"),
        ("GRIDBOT_RASA_URL", "", "GRIDBOT_RASA_URL: Input should be a valid URL, input is empty"),
        ("GRIDBOT_RASA_TIMEOUT", "0", "GRIDBOT_RASA_TIMEOUT: Input should be greater than 0"),
        ("GRIDBOT_LLM_URL", "model", "GRIDBOT_LLM_URL: Input should be a valid URL"),
        ("GRIDBOT_LLM_TIMEOUT", "60", "GRIDBOT_LLM_TIMEOUT: Input should be less than or equal to 20"),
        ("GRIDBOT_RASA_TIMEOUT", "soon", "GRIDBOT_RASA_TIMEOUT: Input should be a valid number, unable to parse"),
    ],
)
def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str) -> None:
    monkeypatch.setenv(name, value)
    result = CliRunner().invoke(app, ["understand"])
    assert isinstance(result.exception, SetUpError)
    assert str(result.exception).startswith(sentence)


@pytest.mark.parametrize("key", ["sk-4711\n", "sk 4711", "密钥4711"])
def test_a_key_that_is_none_is_not_repeated(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("GRIDBOT_LLM_KEY", key)
    result = CliRunner().invoke(app, ["understand"])
    assert isinstance(result.exception, SetUpError)
    assert str(result.exception).startswith("GRIDBOT_LLM_KEY: ")
    assert "4711" not in str(result.exception) + str(result.exception.__cause__)


def test_a_key_is_shown_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDBOT_LLM_KEY", "sk-4711")
    settings = Settings()
    assert settings.llm_key.get_secret_value() == "sk-4711"
    assert "4711" not in repr(settings) + str(settings) + settings.model_dump_json()
