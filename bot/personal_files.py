"""Personal files: photos in the data folder and exports elsewhere are removed once the database says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.photos import PhotoStore
from handlers.routes import Duty
from storage.personal_files import PersonalFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handlers.turn import Desk

PHOTOS = "photos"
"""The folder below the data folder in which photos lie, by the name that their cases give them."""

log = structlog.get_logger(__name__)


def duty(data_dir: Path) -> Duty:
    """The duty that removes files, for the application around this data folder."""

    def run(desk: Desk) -> None:
        remove(desk, data_dir)

    return Duty("people.remove_files", 60, run, over=PersonalFile)


def remove(desk: Desk, data_dir: Path) -> int:
    """Remove the files that are to go; how many there were. One that cannot be removed is tried again the next time."""
    removed = 0
    for file in desk.work.personal_files.to_remove():
        try:
            for path in _paths(file, data_dir):
                path.unlink(missing_ok=True)
                removed += 1
        except OSError as error:
            log.warning("file not removed", row=file.id, reason=error.strerror)
            continue
        desk.work.personal_files.forget(file)
    return removed


def _paths(file: PersonalFile, data_dir: Path) -> Iterator[Path]:
    if not file.is_photo:
        yield Path(file.path)
        return
    found = PhotoStore(data_dir / PHOTOS).find(file.path)
    if found is not None:
        yield found
