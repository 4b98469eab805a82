"""Policy documents: one version of each is current, and none is forgotten."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storage.policy import Imprint, PolicyDocument
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


def test_versions_are_numbered_by_title_and_go_on_after_one_was_taken_out(database: Database) -> None:
    imprint = Imprint("清溪镇人民政府", "清府发〔2024〕3号", date(2024, 3, 1), date(2024, 4, 1))
    with UnitOfWork(database) as work:
        assert work.policy.is_empty()
        work.policy.add("治理方案", "征求意见稿", "第一版", NOW)
        work.policy.supersede(work.policy.add("治理方案", "现行", "第二版", NOW), NOW)
        assert work.policy.current() == []
        assert not work.policy.is_empty()
        work.policy.add("积分办法", "现行", "办法", NOW)
        work.policy.add("治理方案", "现行", "第三版", NOW, imprint)
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        found = work.policy.all()
        assert [(row.title, row.version) for row in found] == [
            ("治理方案", 1),
            ("治理方案", 2),
            ("治理方案", 3),
            ("积分办法", 1),
        ]
        last = found[2]
        assert Imprint(last.issuer, last.number, last.published_on, last.effective_on) == imprint


def test_no_title_has_two_current_versions(database: Database) -> None:
    """Two commands at the same moment would both find nothing to replace."""
    with UnitOfWork(database) as work:
        work.policy.add("治理方案", "现行", "第一版", NOW)
        work.commit()
    with UnitOfWork(database) as work, pytest.raises(IntegrityError):
        work.session.add(PolicyDocument(title="治理方案", version=2, status="现行", text="第二版", added_at=NOW))
        work.session.flush()
