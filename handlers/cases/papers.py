"""What a printed file is made of, whatever it is printed as."""

from __future__ import annotations

from dataclasses import dataclass

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 0 is the title of the whole, on a page of its own."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of one or several lines."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table. `widths` are shares of the page's width, one a column; with `header` the first row names them."""

    rows: tuple[Row, ...]
    widths: tuple[int, ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows stands on a new page."""


Block = Heading | Paragraph | Table | NewPage


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to print: its title for the reader's window, and its parts in order."""

    title: str
    blocks: tuple[Block, ...]
