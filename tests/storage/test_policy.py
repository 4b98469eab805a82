"""Policy documents: one version of each is current, and none is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.policy import PolicyDocument
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW

if TYPE_CHECKING:
    from storage.database import Database


def test_a_new_version_takes_the_place_of_the_old_one_which_is_kept(database: Database) -> None:
    later = NOW + timedelta(days=1)
    with UnitOfWork(database) as work:
        old = work.policy.add("治理方案", "征求意见稿", "第一版", NOW)
        other = work.policy.add("积分办法", "正式", "办法", NOW)
        assert work.policy.current() == [old, other]
        new = work.policy.add("治理方案", "正式", "第二版\n" + "条" * 50_000, later)
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        assert [document.id for document in work.policy.current()] == [other.id, new.id]
        current = work.policy.current_of("治理方案")
        assert current is not None
        assert (current.id, current.status, len(current.text)) == (new.id, "正式", 50_004)
        assert work.policy.current_of("别的文件") is None
        kept = work.session.scalars(select(PolicyDocument).where(PolicyDocument.superseded_at.is_not(None))).all()
        assert [(document.text, document.superseded_at) for document in kept] == [("第一版", later)]
