"""What `gridbot check-data` does: says what is wrong with the training sentences, with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.evaluation.sets import check_is_there
from bot.schema import SetUpError
from nlu.data_checks import compare, leaks, learnt, missing, spoken
from nlu.yaml_nodes import TrainingDataError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


def run(folder: Path, console: Console) -> bool:
    """Write the findings to standard output and what they come to on `console`; whether nothing must be mended.

    `folder` holds the evaluation set, of which no sentence may be learnt. Raises SetUpError where it is not there or
    where a training file cannot be read.
    """
    check_is_there(folder)
    try:
        sentences = learnt()
    except TrainingDataError as error:
        raise SetUpError(str(error)) from error
    of_intents = [sentence for sentence in sentences if sentence.intent]
    findings = compare(of_intents) + leaks(sentences, spoken(sorted(folder.glob("*.yml"))))
    for finding in sorted(findings, key=lambda finding: finding.fails):
        print(finding)
    lacks = missing(of_intents)
    for intent, count in lacks.items():
        print(f"{intent}: {count} sentences are missing")
    wrong = sum(finding.fails for finding in findings)
    console.print(
        f"{len(sentences):,} sentences: {wrong} to mend, {len(findings) - wrong} alike, {sum(lacks.values())} missing.",
        highlight=False,
    )
    return not wrong and not lacks
