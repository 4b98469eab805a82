"""Finds personal data in a text (telephones, cards, plates, addresses, ids of messengers) and masks it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from nlu.address_numbers import PartKind
from nlu.addresses import address_chains
from nlu.personal_ids import emails, messenger_ids, plates
from nlu.personal_numbers import AREA_CODE, personal_numbers
from nlu.wording import fold_width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlu.address_numbers import AddressPart
    from nlu.personal_ids import Found


class DatumKind(StrEnum):
    """The kinds of personal data that are masked."""

    PHONE = "phone"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    EMAIL = "email"
    WECHAT_ID = "wechat_id"
    ADDRESS_ROOM = "address_room"


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """One piece of personal data, as it was written at `start:end`."""

    kind: DatumKind
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Masked:
    """A datum and what is shown in its place."""

    datum: PersonalDatum
    mask: str


_OF_HOUSEHOLDS = (PartKind.GROUP, PartKind.BUILDING, PartKind.UNIT, PartKind.FLOOR, PartKind.ROOM, PartKind.HOUSE)
_DOORS = (PartKind.FLOOR, PartKind.ROOM, PartKind.HOUSE)
# A room without building and unit pins a household down only behind a word that says who lives there.
_AT_HOME = "(?:住|住在|家在|家里|我是|他是|她是|对门|隔壁|楼上|楼下|邻居)的?"
_BEHIND_HOME = re.compile(f"{_AT_HOME}\\Z")
_LONE_ROOM = re.compile(rf"{_AT_HOME}([1-9][0-9]?[0-9]{{2}})(?:室|号房|住户)(?!开会|办)")
_LONGEST_HOME = 4
_LONG_PHONE = 10
_SHOWN_AT_END = 4


def find_personal_data(text: str) -> tuple[PersonalDatum, ...]:
    """The personal data of `text`, in order and without overlaps, in whatever spelling (full-width, spoken, spaced).

    A card number with a wrong check digit is found too. An address begins at the building and ends with the door; the
    estate or road before it is no one's home. Numbers of cases, orders, documents, amounts, times and public services
    (110, 12345) are not personal.
    """
    return tuple(masked.datum for masked in _find(text))


def mask(text: str) -> str:
    """`text` with its personal data made unreadable, but with enough left to see what kind it was (138****8000).

    What is masked stays as it is when it is masked again.
    """
    while found := _find(text):
        pieces: list[str] = []
        done = 0
        for masked in found:
            pieces += text[done : masked.datum.start], masked.mask
            done = masked.datum.end
        text = "".join(pieces) + text[done:]
    return text


def _find(text: str) -> list[_Masked]:
    """What each finder sees, in the order of the finders; a later one gets only what is still free."""
    taken = bytearray(len(text))
    results: list[_Masked] = []
    for kind, (start, end, shown) in _findings(fold_width(text), text):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            results.append(_Masked(PersonalDatum(kind, start, end, text[start:end]), shown))
    return sorted(results, key=lambda masked: masked.datum.start)


def _findings(text: str, written: str) -> Iterator[tuple[DatumKind, Found]]:
    """What is found in `text`, whose width is folded; what stays readable of it is shown as it was `written`."""
    for email in emails(text):
        yield DatumKind.EMAIL, email
    for name, start, end, digits in personal_numbers(text):
        kind = DatumKind(name)
        yield kind, (start, end, _masked_number(kind, digits))
    for plate in plates(text):
        yield DatumKind.PLATE, plate
    for messenger_id in messenger_ids(text):
        yield DatumKind.WECHAT_ID, messenger_id
    for household in _households(text, written):
        yield DatumKind.ADDRESS_ROOM, household


def _masked_number(kind: DatumKind, digits: str) -> str:
    """Three or four digits at each end at most, the rest as stars; of a bank card only the last four digits."""
    if kind is DatumKind.PHONE:
        area = AREA_CODE.match(digits)
        if area:
            return f"{area[0]}-****{digits[-3:]}"
        return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= _LONG_PHONE else f"****{digits[-3:]}"
    head = digits[:3] if kind is DatumKind.ID_CARD else ""
    return head + "*" * (len(digits) - len(head) - _SHOWN_AT_END) + digits[-_SHOWN_AT_END:]


def _households(text: str, written: str) -> Iterator[Found]:
    """Addresses down to the door: a building, unit or group, and the room or house number behind it.

    The number of a house on a road (文林路12号附2号) stands on its wall, and stays readable.
    """
    for chain in address_chains(text):
        doors = [index for index, part in enumerate(chain) if part.kind in (PartKind.ROOM, PartKind.HOUSE)]
        if doors and _is_household(chain[: doors[0] + 1], text):
            yield _household(chain[: doors[0] + 1], written)
    for match in _LONE_ROOM.finditer(text):
        yield match.start(1), match.end(), "***室"


def _is_household(chain: tuple[AddressPart, ...], text: str) -> bool:
    """Whether a chain that ends with a door tells whose it is, as a room of the community office does not."""
    first = next(part for part in chain if part.kind in _OF_HOUSEHOLDS)
    if first.kind in (PartKind.GROUP, PartKind.BUILDING, PartKind.UNIT) or "-" in text[first.start : first.end]:
        return True
    at_home = _BEHIND_HOME.search(text, max(0, first.start - _LONGEST_HOME), first.start)
    return len(chain) > 1 and (first is not chain[0] or at_home is not None)


def _household(chain: tuple[AddressPart, ...], text: str) -> Found:
    """The address from the building on, with floor and door masked; 12-3-402 keeps its building and unit."""
    hidden = next(part for part in chain if part.kind in _DOORS)
    start = next(part.start for part in chain if part.kind in _OF_HOUSEHOLDS)
    end = chain[-1].end
    shown = text[start : hidden.start]
    number = text[hidden.start : end]
    if "-" in number and hidden.kind is PartKind.ROOM:
        shown += number[: number.rindex("-") + 1]
    return start, end, shown + "***"
