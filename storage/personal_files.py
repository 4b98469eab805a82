"""Personal files: what lies outside of the database and belongs to a person, so that it can go when they go."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from storage.people import Person


class PersonalFile(Base):
    """One file: a photo by the name that its case gives it, or an export by its path. Once `remove` is set it goes."""

    __tablename__ = "personal_files"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    path: Mapped[str] = mapped_column(String(1000))
    is_photo: Mapped[bool]
    made_at: Mapped[datetime]
    remove: Mapped[bool] = mapped_column(default=False)


class PersonalFileStore:
    """Files by the person to whom they belong, and those that are to be removed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, person: Person, path: str, now: datetime, *, is_photo: bool = False, remove: bool = False) -> None:
        """Remember that a file of `person` lies at `path`."""
        row = PersonalFile(person_id=person.id, path=path, is_photo=is_photo, made_at=now, remove=remove)
        self._session.add(row)
        self._session.flush()

    def remove_all(self, person_ids: Collection[int]) -> None:
        """Have every file of these people removed."""
        self._session.execute(update(PersonalFile).where(PersonalFile.person_id.in_(person_ids)).values(remove=True))

    def to_remove(self) -> Sequence[PersonalFile]:
        """What is to be removed, the oldest first, for whoever keeps the folders."""
        wanted = select(PersonalFile).where(PersonalFile.remove.is_(True))
        return self._session.scalars(wanted.order_by(PersonalFile.id)).all()

    def forget(self, file: PersonalFile) -> None:
        """The file is gone."""
        self._session.execute(delete(PersonalFile).where(PersonalFile.id == file.id))
