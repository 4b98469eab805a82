"""What the bot was not sure to understand: an admin reads it masked, says what it means, and takes it to the data."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from bot.schema import at_head
from nlu.persons import find_persons
from nlu.times import SHANGHAI
from nlu.training_data import load_examples, write_examples
from nlu.understanding import Intent
from storage.unsure import UnsureState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.settings import Settings
    from storage.unsure import UnsureMessage


def listing(settings: Settings) -> Sequence[UnsureMessage]:
    """The messages that wait for a label and those that have one, the oldest first."""
    with at_head(settings.database) as work:
        found = [*work.unsure.in_state(UnsureState.WAITING), *work.unsure.in_state(UnsureState.LABELLED)]
    return sorted(found, key=lambda message: message.id)


def table(messages: Sequence[UnsureMessage]) -> Table:
    """Messages for a terminal."""
    shown = Table(title=f"{len(messages)} unsure messages")
    for column in ("id", "heard", "text", "likeliest", "chosen", "label"):
        shown.add_column(column, overflow="fold")
    for message in messages:
        likeliest = "\n".join(f"{intent} {confidence:.2f}" for intent, confidence in message.ranking)
        heard = f"{message.heard_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        cells = (str(message.id), heard, message.text, likeliest, message.chosen or "", message.label or "")
        shown.add_row(*map(escape, cells))
    return shown


def line(message: UnsureMessage) -> str:
    """A message as one line of JSON."""
    return json.dumps(
        {
            "id": message.id,
            "heard_at": message.heard_at.astimezone(SHANGHAI).isoformat(),
            "text": message.text,
            "ranking": [{"name": name, "confidence": confidence} for name, confidence in message.ranking],
            "chosen": message.chosen,
            "label": message.label,
            "state": message.state,
        },
        ensure_ascii=False,
    )


def label(settings: Settings, message_id: int, intent: Intent) -> bool:
    """Note what a message means; False when there is none to label."""
    with at_head(settings.database) as work:
        message = work.unsure.get(message_id)
        if message is None or message.state is UnsureState.DROPPED:
            return False
        work.unsure.label(message, intent)
        work.commit()
    return True


def drop(settings: Settings, message_id: int) -> bool:
    """Forget what a message said; False when there is none."""
    with at_head(settings.database) as work:
        message = work.unsure.get(message_id)
        if message is None:
            return False
        work.unsure.drop(message)
        work.commit()
    return True


def export(settings: Settings, file: Path) -> int:
    """Write the labelled messages as training sentences to a new file; how many sentences that are.

    One that still seems to name somebody is left out. Without any, no file is made. Raises FileExistsError where the
    file is there already, and leaves it as it is.
    """
    if file.exists():
        raise FileExistsError(file)
    with at_head(settings.database) as work:
        labelled = [each for each in work.unsure.in_state(UnsureState.LABELLED) if not find_persons(each.text)]
    if not labelled:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "unsure.yml"
        write_examples(written, [(message.text, Intent(message.label)) for message in labelled if message.label])
        # What the training could not read must not reach the data.
        count = len(load_examples(Path(folder)))
        shutil.move(written, file)
    return count
