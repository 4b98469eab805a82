"""The policy documents of a community: brought in, listed, shown, declared in force or repealed, and taken out."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from bot.clock import system_clock
from bot.schema import SetUpError, open_at_head
from nlu.policy.clauses import DocumentError, Status
from nlu.policy.document import outline, parse
from nlu.policy.files import read_file
from nlu.policy.header import plain_title
from nlu.policy.library import Source
from nlu.policy.numbering import article_of
from nlu.times import SHANGHAI
from storage.policy import Imprint
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from rich.console import Console

    from bot.settings import Settings
    from nlu.policy.clauses import Document
    from nlu.policy.files import FileText
    from storage.policy import PolicyDocument

    Confirm = Callable[[str], bool]


def add(settings: Settings, file: Path, console: Console, confirm: Confirm | None) -> bool:
    """Read a document, print its outline and bring it in; asks before it replaces a version. False when it did not."""
    read, document = read_document(file)
    for line in (outline(document), *(f"请核对：{remark}" for remark in read.uncertain)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    # While somebody thinks about an answer, nothing is locked.
    with _work(settings, read_only=True) as work:
        old = work.policy.current_of(document.title)
    if old is not None and old.text == read.text:
        console.print("This version is there already.")
        return True
    if old is not None and confirm is not None and not confirm(_replacing(old, document)):
        return False
    with _work(settings) as work:
        new = store(work, read.text, system_clock())
        work.commit()
        done = f"Added 《{document.title}》, version {new.version}: {len(document.clauses)} clauses, {new.status}."
    console.print(done, markup=False, highlight=False, soft_wrap=True)
    return True


def store(work: UnitOfWork, text: str, now: datetime) -> PolicyDocument:
    """Bring in the document of this text with what it says of itself."""
    document = parse(text)
    imprint = Imprint(document.issuer, document.number, document.date, document.effective)
    return work.policy.add(document.title, document.status, text, now, imprint)


def read_document(file: Path) -> tuple[FileText, Document]:
    """The text of a file and the document in it; raises SetUpError where there is none."""
    try:
        read = read_file(file)
        return read, parse(read.text)
    except DocumentError as error:
        raise SetUpError(f"{file}: {error}") from error


def listing(settings: Settings) -> Table | None:
    """Every version of every document for a terminal; None where there is none."""
    with _work(settings, read_only=True) as work:
        versions = work.policy.all()
    if not versions:
        return None
    table = Table()
    for column in ("title", "version", "status", "number", "published", "effective", "clauses", "added", "superseded"):
        table.add_column(column, overflow="fold")
    for each in versions:
        cells = (
            each.title,
            str(each.version),
            each.status,
            each.number or "",
            _day(each.published_on),
            _day(each.effective_on),
            str(len(parse(each.text).clauses)),
            _day(each.added_at),
            _day(each.superseded_at),
        )
        table.add_row(*map(escape, cells), style="dim" if each.superseded_at else None)
    return table


def show(settings: Settings, title: str, clause_id: str | None) -> str:
    """The versions of a document and the outline of the newest, or one of its clauses word for word."""
    with _work(settings, read_only=True) as work:
        versions = _versions(work, title)
    newest = versions[-1]
    document = Source(newest.id, newest.text, Status(newest.status)).read()
    if clause_id is not None:
        return _clause(document, clause_id)
    history = (
        f"第{each.version}版：{each.status}，{_day(each.added_at)}放入"
        + (f"，{_day(each.superseded_at)}起不再使用" if each.superseded_at else "")
        for each in versions
    )
    return "\n".join([*history, outline(document)])


def set_status(settings: Settings, title: str, status: Status) -> str:
    """Say how binding the current version of a document is from now on; the sentence that says so."""
    with _work(settings) as work:
        document = _current(work, title)
        before, document.status = document.status, status
        work.commit()
        return f"《{document.title}》, version {document.version}, is {status} now (it was {before})."


def remove(settings: Settings, title: str, confirm: Confirm | None) -> str | None:
    """Answer from a document no longer; the sentence that says so, or None when it was not confirmed."""
    with _work(settings, read_only=True) as work:
        document = _current(work, title)
    name = f"《{document.title}》, version {document.version},"
    if confirm is not None and not confirm(f"Take {name} out of the answers?"):
        return None
    with _work(settings) as work:
        work.policy.supersede(_current(work, document.title), system_clock())
        work.commit()
    return f"{name} is superseded: nothing is answered from it any longer. Its text is kept."


def _replacing(old: PolicyDocument, new: Document) -> str:
    question = f"Replace version {old.version} of {_day(old.added_at)} ({old.status}) by this one ({new.status})?"
    if new.status is Status.DRAFT and old.status == Status.IN_FORCE:
        return f"The version that is in force would no longer be quoted, but a draft. {question}"
    return question


def _versions(work: UnitOfWork, title: str) -> Sequence[PolicyDocument]:
    """The versions of the one document whose title is this or holds this, the newest last."""
    wanted = plain_title(title)
    versions = work.policy.all()
    titles = dict.fromkeys(each.title for each in versions)
    found = [wanted] if wanted in titles else [each for each in titles if wanted in each]
    if len(found) > 1:
        raise SetUpError(
            f"Several documents are called so: {'、'.join(f'《{each}》' for each in found)}. Say more of it."
        )
    if not found:
        raise SetUpError(f"There is no document 《{wanted}》; `gridbot policy list` names those that there are.")
    return [each for each in versions if each.title == found[0]]


def _current(work: UnitOfWork, title: str) -> PolicyDocument:
    newest = _versions(work, title)[-1]
    if newest.superseded_at is not None:
        raise SetUpError(
            f"《{newest.title}》 was taken out on {_day(newest.superseded_at)}; no version of it is current."
        )
    return newest


def _clause(document: Document, clause_id: str) -> str:
    article = article_of(clause_id)
    clause = document.clause(article.id if article else clause_id)
    if clause is None:
        raise SetUpError(f"There is no clause {clause_id} in 《{document.title}》.")
    units = [f"责任单位：{'、'.join(clause.departments)}"] if clause.departments else []
    return "\n".join([f"[{clause.id}] {' · '.join(filter(None, (*clause.path, clause.heading)))}", clause.text, *units])


def _day(when: date | datetime | None) -> str:
    local = when.astimezone(SHANGHAI) if isinstance(when, datetime) else when
    return f"{local:%Y-%m-%d}" if local else ""


@contextmanager
def _work(settings: Settings, *, read_only: bool = False) -> Iterator[UnitOfWork]:
    database = open_at_head(settings.database)
    try:
        with UnitOfWork(database, read_only=read_only) as work:
            yield work
    finally:
        database.close()
