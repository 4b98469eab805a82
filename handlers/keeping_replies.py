"""What features say alike of how long things are kept."""

from __future__ import annotations

from handlers.keeping import years
from storage.retention import DataKind


def kept_of_a_report() -> str:
    """What the first receipt says of what is kept of a report, once; a report itself needs no consent."""
    span = years(DataKind.CONTACTS)
    return f"您报的事和您的账号会存到这件事办结后{span}，只给办事的工作人员看；说“删除我的信息”随时能删。"
