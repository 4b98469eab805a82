"""Text → atoms, from left to right; where two rules can read on, the one that stands first does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.times.atoms import Atom, Skip
from nlu.times.date_rules import DATE_RULES
from nlu.times.day_rules import DAY_RULES
from nlu.times.festival_rules import FESTIVAL_RULES, LUNAR_RULES
from nlu.times.figure_rules import FIGURE_RULES
from nlu.times.hour_rules import HOUR_RULES
from nlu.times.length_rules import LENGTH_RULES
from nlu.times.look_alikes import LOOK_ALIKES
from nlu.times.repeat_rules import REPEAT_RULES
from nlu.times.year_rules import YEAR_RULES

if TYPE_CHECKING:
    from nlu.times.atoms import Rule

_RULES = (
    *LOOK_ALIKES,
    *REPEAT_RULES,
    *LENGTH_RULES,
    *FESTIVAL_RULES,
    *DATE_RULES,
    *LUNAR_RULES,
    *FIGURE_RULES,
    *YEAR_RULES,
    *DAY_RULES,
    *HOUR_RULES,
)


def _by_first_character() -> dict[str, tuple[Rule, ...]]:
    signs = {sign for rule in _RULES for sign in rule.starts}
    return {sign: tuple(rule for rule in _RULES if sign in rule.starts) for sign in signs}


_TABLE = _by_first_character()


def read_atoms(text: str) -> list[Atom]:
    """The atoms of a normalised text in order; look-alikes are left out."""
    atoms: list[Atom] = []
    position, before = 0, None
    while position < len(text):
        atom = _read_at(text, position, before)
        if atom is None:
            position += 1
            continue
        position = atom.end
        if not isinstance(atom.value, Skip):
            atoms.append(atom)
            before = atom
    return atoms


def _read_at(text: str, position: int, before: Atom | None) -> Atom | None:
    for rule in _TABLE.get(text[position], ()):
        match = rule.pattern.match(text, position)
        if match and match.end() > position:
            value = rule.build(match, before)
            if value is not None:
                return Atom(position, match.end(), value)
    return None
