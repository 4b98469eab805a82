"""`gridbot case export`: the file (卷宗) of a case, as docx and as pdf."""

from __future__ import annotations

from errno import EEXIST
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import system_clock
from bot.schema import SetUpError, at_head
from handlers.cases.replies.case_file import Contents, file_of
from storage.cases import By

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.settings import Settings
    from handlers.cases.papers import Paper
    from storage.cases import Case
    from storage.unit_of_work import UnitOfWork

PRIVATE = 0o600


def export(
    settings: Settings,
    number: str,
    community: str | None,
    folder: Path,
    *,
    with_statements: bool = True,
    clock: Clock = system_clock,
) -> list[Path]:
    """Write the file of the case with this number into `folder`; the two files.

    Raises SetUpError where no case or several have the number, and FileExistsError where a file is there already. That
    the file was printed, and with what in it, is a line of the case's history.
    """
    # Only who prints a file needs what prints it.
    from bot import paper_docx, paper_pdf

    with at_head(settings.database) as work:
        case = _find(work, number, community)
        paper = _paper(work, case, clock, with_statements=with_statements)
        folder.mkdir(parents=True, exist_ok=True)
        contents = {folder / f"{case.number}.docx": paper_docx.printed(paper)}
        contents[folder / f"{case.number}.pdf"] = paper_pdf.printed(paper)
        for path in filter(Path.exists, contents):
            # Neither is written where one cannot be.
            raise FileExistsError(EEXIST, "is there already", str(path))
        for path, content in contents.items():
            with path.open("xb") as file:
                path.chmod(PRIVATE)
                file.write(content)
        case.note(By(None, clock(), "command"), "export", "含双方陈述" if with_statements else "不含双方陈述")
        work.commit()
    return list(contents)


def _find(work: UnitOfWork, number: str, community: str | None) -> Case:
    found = [
        (case, work.areas.get(case.community_id).name)
        for case in work.cases.numbered(number)
        if community is None or community in work.areas.get(case.community_id).name
    ]
    if not found:
        raise SetUpError(f"There is no case {number}" + (f" in {community}." if community else "."))
    if len(found) > 1:
        listed = ", ".join(f"{case.number} ({name})" for case, name in found[:10])
        raise SetUpError(f"Several cases are called {number}: {listed}. Give the whole number, or --community.")
    return found[0][0]


def _paper(work: UnitOfWork, case: Case, clock: Clock, *, with_statements: bool) -> Paper:
    mediations = work.mediations.archived(case)
    told = {m.id: work.mediations.archived_statements(m) for m in mediations} if with_statements else {}
    actors = {event.actor_id for event in case.history if event.actor_id is not None}
    return file_of(
        Contents(
            case=case,
            community=work.areas.get(case.community_id).name,
            mediations=mediations,
            statements=told,
            people={person_id: work.people.get(person_id) for person_id in actors},
            printed_at=clock(),
            with_statements=with_statements,
            hidden=case.reporter if case.anonymous else None,
        )
    )
