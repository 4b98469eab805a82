"""What the bot says of how many volunteers there are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.turn import Choice, Reply
from handlers.volunteers.settings import settings
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.volunteer_profiles import Figure


def figures(found: Sequence[Figure]) -> Reply:
    """The figures of an area and of those in it; of whom the part is, is said."""
    lines = "\n".join(f"· {_line(figure)}" for figure in found)
    missing = [figure.area.name for figure in found if not figure.residents]
    how = f"\n没填人口的，直接跟我说，比如“{missing[0]}常住人口3200人”。" if missing else ""
    return Reply(
        f"注册志愿者占居民人口的比例（文件{settings().volunteers_clause}要求达到{settings().volunteers_per_cent}%以上）：\n"
        f"{lines}{how}"
    )


def _line(figure: Figure) -> str:
    people = figure.residents or figure.registered
    told = f"居民{people}人（管理员填的）" if figure.residents else f"没填人口，按登记了住处的{people}人算"
    said = f"{figure.area.name}：志愿者{figure.volunteers}人，{told}"
    if not people:
        return f"{figure.area.name}：志愿者{figure.volunteers}人，没填人口，算不出比例"
    lacking = math.ceil(people * settings().volunteers_per_cent / 100) - figure.volunteers
    per_cent = 100 * figure.volunteers / people
    return f"{said}，占{per_cent:.1f}%，{f'还差{lacking}人' if lacking > 0 else '达到了'}"


def confirm_residents(values: dict[str, Any]) -> Reply:
    """How many people live there, to be confirmed."""
    was = f"（原来填的{values['was']}人）" if values["was"] else ""
    return Reply(
        f"{values['name']}的居民人口记成{values['count']}人{was}，志愿者的比例按这个数算。对不对？",
        (YES, Choice("不对", Intent.DENY)),
    )


def residents_set(name: str, found: Sequence[Figure]) -> Reply:
    """Kept, and what it means."""
    return Reply(f"{name}的人口记下了。").followed_by(figures(found[:1]))


def not_your_area() -> str:
    """The role was taken in the meantime."""
    return "这个区域不归您管，没有改。"
