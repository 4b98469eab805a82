"""Memory: given back where the C library can, and no trouble where it cannot."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from bot import memory

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    memory._glibc.cache_clear()
    yield
    memory._glibc.cache_clear()


def test_arenas_are_limited_and_what_is_free_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, tuple[int, ...]]] = []
    library = SimpleNamespace(
        mallopt=lambda *given: calls.append(("mallopt", given)),
        malloc_trim=lambda *given: calls.append(("trim", given)),
    )
    monkeypatch.setattr("platform.libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    memory.spare()
    memory.give_back()
    assert calls == [("mallopt", (-8, memory.ARENAS)), ("trim", (0,))]


@pytest.mark.parametrize("libc", [("", ""), ("musl", "1.2")])
def test_another_library_is_left_alone(libc: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.libc_ver", lambda: libc)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: pytest.fail("it was opened"))
    memory.spare()
    memory.give_back()


def test_a_library_that_only_calls_itself_so_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace())
    memory.spare()
    memory.give_back()
