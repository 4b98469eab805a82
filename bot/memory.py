"""Keeps the memory of a long-running process small where the C library is glibc; elsewhere there is nothing to do."""

from __future__ import annotations

import ctypes
import platform
from functools import cache

_MOST_ARENAS = -8
"""M_ARENA_MAX of malloc.h."""

ARENAS = 2
"""As many as there are threads that work at a time: one that hears a message and one that sends."""


def spare() -> None:
    """Let all threads share few arenas, instead of 8 a core of which each keeps what it once needed.

    To be called before there are threads; it is what MALLOC_ARENA_MAX in the environment does.
    """
    if (library := _glibc()) is not None:
        library.mallopt(_MOST_ARENAS, ARENAS)


def give_back() -> None:
    """Return to the system what was freed, once models and documents are loaded: 20 MB and more."""
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    if platform.libc_ver()[0] != "glibc":
        return None
    try:
        library = ctypes.CDLL(None)
        return library if library.mallopt and library.malloc_trim else None
    except (OSError, AttributeError):
        return None
