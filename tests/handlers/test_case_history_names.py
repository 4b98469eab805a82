"""Every line that the history of a case may hold has a name that staff can read."""

from __future__ import annotations

import re
from pathlib import Path

import handlers
from handlers.cases.call_off import ACTION
from handlers.cases.replies.describing import ACTION_NAMES
from handlers.cases.waiting import GO_ON, WAIT

WRITTEN = re.compile(
    r"""\.(?:note|move)\(\s*(?:CaseState\.\w+, |\w+, )?(?:turn\.by|desk\.by|by), "(?P<action>[a-z_]+)\""""
)


def test_every_line_has_a_name() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(handlers.__file__).parent.rglob("*.py")]
    written = {match["action"] for source in sources for match in WRITTEN.finditer(source)}
    assert len(written) > 25
    ours = {action for action in written if not action.startswith("mediation_")} | {ACTION, GO_ON, WAIT}
    assert ours <= set(ACTION_NAMES)
