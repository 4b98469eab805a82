"""Somebody's points for the social credit record: written with their consent, and checked against the ledger."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from bot.people import find_person
from bot.points import end_of, month_of
from bot.schema import SetUpError, at_head
from nlu.times import SHANGHAI
from storage.cases import By
from storage.consents import Purpose
from storage.credits import PointsEventKind
from storage.ledger import PointsEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.settings import Settings
    from storage.people import Person
    from storage.points import Line
    from storage.unit_of_work import UnitOfWork

FORMAT = "gridbot-points-1"
PLAIN = ("chain_id", "position", "from_id", "to_id", "amount", "reason", "source")
NAMES = (*PLAIN, "reverses_id", "granted_by_id", "seconded_by_id", "at", "previous_hash", "hash")
"""What an entry says, as it is hashed."""

COLUMNS = (("日期", 12), ("事由", 40), ("分数", 8), ("经手人数", 10), ("流水号", 10), ("校验值", 68))


def export(settings: Settings, person: str, since: str, until: str, folder: Path, now: datetime) -> list[Path]:
    """Write the points of a person, from one month to the end of another, as JSON and as a spreadsheet.

    Raises SetUpError without that person's consent, which they give and take back by chat.
    """
    begins, ends = month_of(since), end_of(until)
    with at_head(settings.database) as work:
        who = find_person(work, person)
        consent = work.consents.standing(who).get(Purpose.CREDIT_RECORD)
        if consent is None:
            raise SetUpError(
                f"Person {who.id} has not agreed to that. They say to the bot: 同意：积分记入社会信用档案."
            )
        lines = work.points.record(who, begins, ends)
        data = _document(work, who, lines, {"from": since, "until": until, "made_at": now.isoformat()})
        data["consent"] = {"at": consent.at.isoformat(), "version": consent.version}
        data["checksum"] = checksum(data)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"points-{who.id}-{since}-{until}"
        written = [folder / f"{name}.json", folder / f"{name}.xlsx"]
        written[0].write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        with Workbook(str(written[1]), {"in_memory": True}) as book:
            _fill(book, data)
        for file in written:
            work.personal_files.note(who, str(file.resolve()), now)
        by = By(None, now, "command")
        work.credits.note(PointsEventKind.EXPORTED, who, data["total"], f"export:{name}", by, str(data["checksum"]))
        work.commit()
    return written


def _document(work: UnitOfWork, who: Person, lines: Sequence[Line], period: dict[str, str]) -> dict[str, Any]:
    chains = sorted({line.entry.chain_id for line in lines})
    heads = {chain: work.points.head(work.areas.get(chain)) for chain in chains}
    return {
        "format": FORMAT,
        "person": {"id": who.id, "name": who.name, "community": work.areas.community_of(who.area).name},
        "period": period,
        "total": sum(line.amount for line in lines),
        "entries": [{"counts": line.amount, **_said(line.entry)} for line in lines],
        "heads": [
            {"chain_id": chain, "community": work.areas.get(chain).name, "position": head.position, "hash": head.hash}
            for chain, head in heads.items()
            if head is not None
        ],
    }


def _said(entry: PointsEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in NAMES} | {"at": entry.at.isoformat()}


def checksum(data: dict[str, Any]) -> str:
    """The SHA-256 of everything in a file but this itself; the spreadsheet bears it too."""
    rest = {name: value for name, value in data.items() if name != "checksum"}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _fill(book: Workbook, data: dict[str, Any]) -> None:
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("积分记录")
    person, period = data["person"], data["period"]
    head = f"{person['community']} {person['name'] or ''}（编号{person['id']}） {period['from']}至{period['until']}"
    sheet.write_string(0, 0, head, bold)
    sheet.write_string(1, 0, f"合计 {data['total']} 分，本人同意于 {data['consent']['at'][:10]}")
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, name, bold)
    for row, entry in enumerate(data["entries"], 4):
        people = sum(entry[name] is not None for name in ("granted_by_id", "seconded_by_id"))
        day = datetime.fromisoformat(entry["at"]).astimezone(SHANGHAI).date().isoformat()
        # A reason is written as a text, which no program takes for a formula.
        for column, value in enumerate((day, entry["reason"], entry["counts"], people, entry["position"])):
            write = sheet.write_number if isinstance(value, int) else sheet.write_string
            write(row, column, value)
        sheet.write_string(row, len(COLUMNS) - 1, entry["hash"])
    proof = book.add_worksheet("校验")
    proof.set_column(0, 0, 24)
    proof.set_column(1, 1, 70)
    rows = [
        ("文件校验值", data["checksum"]),
        *((f"{h['community']} 第{h['position']}条", h["hash"]) for h in data["heads"]),
    ]
    for row, (name, value) in enumerate(rows):
        proof.write_string(row, 0, name)
        proof.write_string(row, 1, value)


def verify_file(settings: Settings, file: Path) -> list[str]:
    """Check an exported JSON file by itself and against the ledger; what is wrong, a sentence each."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        wrong = list(_wrong_in_itself(data))
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{file} is no export of points: {type(error).__name__}."]
    if wrong:
        return wrong
    with at_head(settings.database) as work:
        broken = work.points.first_broken()
        if broken is not None:
            wrong.append(f"The ledger itself is broken at number {broken.position} of area {broken.chain_id}.")
        return [*wrong, *_wrong_by_ledger(work, data)]


def _wrong_in_itself(data: dict[str, Any]) -> Iterator[str]:
    if data["format"] != FORMAT:
        yield f"The format is {data['format']}."
    if data["checksum"] != checksum(data):
        yield "The file was changed after it was written."
    if data["total"] != sum(entry["counts"] for entry in data["entries"]):
        yield "The total is not the sum of the entries."
    for said in data["entries"]:
        values = {name: said[name] for name in NAMES} | {"at": datetime.fromisoformat(said["at"])}
        if PointsEntry(**values).digest() != said["hash"]:
            yield f"Entry {said['position']} does not bear its hash."


def _wrong_by_ledger(work: UnitOfWork, data: dict[str, Any]) -> Iterator[str]:
    for said in (*data["heads"], *data["entries"]):
        found = work.points.at_position(said["chain_id"], said["position"])
        if found is None or found.hash != said["hash"]:
            yield f"Number {said['position']} of the ledger of area {said['chain_id']} is another entry."
    person, period = find_person(work, str(data["person"]["id"])), data["period"]
    made_at = datetime.fromisoformat(period["made_at"])
    lines = work.points.record(person, month_of(period["from"]), min(end_of(period["until"]), made_at))
    held = [(line.entry.hash, line.amount) for line in lines]
    if [(each["hash"], each["counts"]) for each in data["entries"]] != held:
        yield "The file does not hold the entries that the ledger holds of this person and time."
    for line in lines:
        if (
            line.amount
            and work.points.is_undone(line.entry)
            and not any(each["reverses_id"] == line.entry.id for each in data["entries"])
        ):
            yield f"Entry {line.entry.position} was taken back after this file was written, or after its time."
