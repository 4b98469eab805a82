"""The command line: `gridbot serve`, `gridbot chat` and the commands that set things up or try them out."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from bot import json_lines
from bot.meeting_commands import add_to as add_meetings_to
from bot.models import ModelName
from bot.people_commands import add_to as add_people_to
from bot.schema import SetUpError
from bot.settings import Settings
from nlu.policy.clauses import Status  # noqa: TC001 - typer reads the annotations
from nlu.understanding import Intent  # noqa: TC001 - typer reads the annotations

if TYPE_CHECKING:
    from collections.abc import Callable

    from nlu.parser import Parser

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
db = typer.Typer(no_args_is_help=True, help="The database.")
policy = typer.Typer(no_args_is_help=True, help="The policy documents that answers are drawn from.")
unsure = typer.Typer(help="What the bot was not sure to understand.")
opinions = typer.Typer(no_args_is_help=True, help="What residents say about the policy documents.")
points = typer.Typer(no_args_is_help=True, help="The points ledger.")
shop = typer.Typer(no_args_is_help=True, help="What points buy.")
case = typer.Typer(no_args_is_help=True, help="The files of cases.")
evaluate = typer.Typer(help="What is right on questions and messages that took no part in training.")
areas = typer.Typer(no_args_is_help=True, help="What areas have set for themselves.")
app.add_typer(db, name="db")
app.add_typer(areas, name="areas")
app.add_typer(policy, name="policy")
app.add_typer(unsure, name="unsure")
app.add_typer(opinions, name="opinions")
app.add_typer(points, name="points")
app.add_typer(shop, name="shop")
app.add_typer(case, name="case")
app.add_typer(evaluate, name="evaluate")

console = Console(stderr=True)

EvaluationFolder = Annotated[
    Path | None, typer.Option("--set", help="The folder of the evaluation set, by default tests/evaluation.")
]
DevelopmentFolder = Annotated[
    Path | None, typer.Option("--set", help="The folder of a set to choose on, by default tests/development.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")]


def main() -> None:
    """Run the command line; what keeps it from starting is one sentence and exit status 1."""
    try:
        app()
    except SetUpError as error:
        _stop(str(error))


def _stop(sentence: str) -> NoReturn:
    console.print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)
    raise SystemExit(1)


def _settings(**changed: object) -> Settings:
    try:
        return Settings(**{name: value for name, value in changed.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = error.errors()[0]
        raise SetUpError(f"GRIDBOT_{'_'.join(map(str, wrong['loc'])).upper()}: {wrong['msg']}") from error


add_people_to(app, _settings)
add_meetings_to(app, _settings)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    demo: Annotated[bool, typer.Option(help="Add the invented community and let visitors be its people.")] = False,
) -> None:
    """Run the bot with its web chat until it is stopped."""
    from bot.serve import serve as run

    run(_settings(host=host, port=port, demo=demo or None), console)


@app.command()
def chat(
    person: Annotated[str, typer.Option("--as", help="Who speaks: an id of the invented people.")] = "li",
) -> None:
    """Talk to the bot in the terminal, as the people of the invented community."""
    from bot.chat import chat as run

    run(_settings(demo=True), person)


@app.command()
def demo() -> None:
    """Add the invented community and the policy document to the database."""
    from bot.set_up import prepare

    prepare(_settings(demo=True), console)


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest version, making it if there is none."""
    from bot.app import open_database

    settings = _settings()
    open_database(settings).close()
    console.print("The database is at the newest version.")


Title = Annotated[str, typer.Argument(help="The title of a document, or enough of it.")]


def _confirm(yes: bool) -> Callable[[str], bool] | None:
    return None if yes else partial(typer.confirm, err=True)


@policy.command("add")
def policy_add(
    file: Annotated[Path, typer.Argument(help="A txt, docx or pdf file.")],
    yes: Annotated[bool, typer.Option("--yes", help="Replace an older version without asking.")] = False,
) -> None:
    """Read a policy document, show its outline, and answer from it from now on."""
    from bot.policy import add

    if not add(_settings(), file, console, _confirm(yes)):
        _stop("Nothing was changed.")


@policy.command("list")
def policy_list() -> None:
    """List the policy documents with all their versions."""
    from bot.policy import listing

    Console().print(listing(_settings()) or "There is no policy document.")


@policy.command("show")
def policy_show(
    title: Title, clause: Annotated[str | None, typer.Argument(help="An id as the outline shows it.")] = None
) -> None:
    """Show what a policy document says of itself and its outline, or one clause word for word."""
    from bot.policy import show

    typer.echo(show(_settings(), title, clause))


@policy.command("status")
def policy_status(title: Title, status: Status) -> None:
    """Say that a draft is in force now, or that a document is repealed."""
    from bot.policy import set_status

    console.print(set_status(_settings(), title, status), markup=False, highlight=False, soft_wrap=True)


@policy.command("remove")
def policy_remove(
    title: Title, yes: Annotated[bool, typer.Option("--yes", help="Take it out without asking.")] = False
) -> None:
    """Answer from a policy document no longer; its text is kept as a superseded version."""
    from bot.policy import remove

    done = remove(_settings(), title, _confirm(yes))
    if done is None:
        _stop("Nothing was changed.")
    console.print(done, markup=False, highlight=False, soft_wrap=True)


@unsure.callback(invoke_without_command=True)
def unsure_list(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each message.")] = False,
) -> None:
    """List what the bot was not sure to understand, masked: what waits for a label and what has one."""
    from bot.unsure import line, listing, table

    if context.invoked_subcommand is not None:
        return
    messages = listing(_settings())
    if as_json:
        typer.echo("".join(f"{line(message)}\n" for message in messages), nl=False)
    else:
        Console().print(table(messages) if messages else "No message waits.")


@unsure.command("label")
def unsure_label(
    number: Annotated[int, typer.Argument(metavar="ID")], intent: Annotated[Intent, typer.Argument(metavar="INTENT")]
) -> None:
    """Say what a message means. Nothing is learnt from it before it was exported and added to the data."""
    from bot.unsure import label

    if not label(_settings(), number, intent):
        _stop(f"There is no unsure message {number}.")


@unsure.command("drop")
def unsure_drop(number: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Forget what a message said: it teaches nothing."""
    from bot.unsure import drop

    if not drop(_settings(), number):
        _stop(f"There is no unsure message {number}.")


@unsure.command("export")
def unsure_export(
    file: Annotated[Path, typer.Argument(help="A new file, to be looked through and added to nlu/data.")],
) -> None:
    """Write the labelled messages as training sentences in Rasa's format."""
    from bot.unsure import export

    try:
        count = export(_settings(), file)
    except OSError as error:
        _stop(f"{file}: {'is there already' if isinstance(error, FileExistsError) else error.strerror}")
    console.print(f"Wrote {count} sentences to {file}." if count else "Nothing is labelled.", markup=False)


@opinions.command("list")
def opinions_list(
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each opinion.")] = False,
) -> None:
    """List what residents say about the policy documents, by clause, without names that were not given for it."""
    from bot.opinions import line, listing, table

    remarks = listing(_settings())
    if as_json:
        typer.echo("".join(f"{line(remark)}\n" for remark in remarks), nl=False)
    else:
        Console().print(table(remarks) if remarks else "Nobody has given an opinion.")


@opinions.command("export")
def opinions_export(file: Annotated[Path, typer.Argument(help="A new xlsx file.")]) -> None:
    """Write the opinions as a spreadsheet for those who draft the documents."""
    from bot.opinions import export

    try:
        count = export(_settings(), file)
    except OSError as error:
        _stop(f"{file}: {'is there already' if isinstance(error, FileExistsError) else error.strerror}")
    console.print(f"Wrote {count} opinions to {file}." if count else "Nobody has given an opinion.", markup=False)


@points.command("verify")
def points_verify(
    export: Annotated[
        Path | None, typer.Option("--export", help="Check a file of `points export` against the ledger.")
    ] = None,
) -> None:
    """Check every entry against the one before it, and every balance; exit status 1 where one is wrong."""
    from bot.points import verify
    from bot.points_export import verify_file

    wrong = verify_file(_settings(), export) if export is not None else verify(_settings(), console)
    if wrong:
        _stop("\n".join(wrong))
    console.print("The ledger is whole." if export is None else "The file says what the ledger says.")


@points.command("export")
def points_export(
    person: Annotated[str, typer.Argument(help="A name that one person bears, or an id.")],
    folder: Annotated[Path, typer.Argument(help="Where the files go.")],
    since: Annotated[str, typer.Option("--from", help="The first month: 2026-01.")],
    until: Annotated[str, typer.Option("--until", help="The last month: 2026-06.")],
) -> None:
    """Write somebody's points for the social credit record, as JSON and xlsx; only with their consent."""
    from bot.clock import system_clock
    from bot.points_export import export

    for file in export(_settings(), person, since, until, folder, system_clock()):
        console.print(f"Wrote {file}.", markup=False)


@points.command("heads")
def points_heads(
    month: Annotated[str | None, typer.Option(help="Up to the end of this month: 2026-04.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write a page to be printed: heads.html.")] = None,
) -> None:
    """Print the last entry of each community with its hash, to be posted where everybody can compare it later."""
    from bot.clock import system_clock
    from bot.points import heads, print_heads

    if page is not None:
        count = print_heads(_settings(), month, page, system_clock())
        console.print(f"Wrote {count} heads to {page}." if count else "The ledger is empty.", markup=False)
        return
    for community, head in heads(_settings(), month):
        typer.echo(f"{community.name} {head.position} {head.at:%Y-%m-%d} {head.hash}")


@shop.command("put")
def shop_put(
    community: Annotated[str, typer.Argument(help="The name of a community.")],
    item: Annotated[str, typer.Argument(help="What is offered.")],
    cost: Annotated[int, typer.Argument(help="Points for a piece.", min=1)],
    stock: Annotated[int, typer.Argument(help="Pieces that there are.", min=0)],
) -> None:
    """Offer an item in a community's shop; one that is there gets the new price and stock."""
    from bot.points import put

    put(_settings(), community, item, cost, stock)
    console.print(f"{community}: {item}, {cost} points, {stock} pieces.", markup=False)


@shop.command("list")
def shop_list() -> None:
    """List what is offered, by community."""
    from bot.points import offered

    for community, item, cost, stock in offered(_settings()):
        typer.echo(f"{community} {item} {cost} {stock}")


@case.command("export")
def case_export(
    number: Annotated[str, typer.Argument(help="The number of the case, 20260415-007 or its end.")],
    community: Annotated[
        str | None, typer.Option(help="The name of its community, where several have the number.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
    with_statements: Annotated[
        bool, typer.Option("--with-statements/--without-statements", help="What each party told the mediator alone.")
    ] = True,
) -> None:
    """Write the file of a case as docx and pdf: its forms, and its mediation where there was one."""
    from bot.case_file import export

    try:
        written = export(_settings(), number, community, out, with_statements=with_statements)
    except OSError as error:
        _stop(f"{error.filename}: {'is there already' if isinstance(error, FileExistsError) else error.strerror}")
    for path in written:
        console.print(f"Wrote {path}.", markup=False, highlight=False, soft_wrap=True)


@areas.command("deadline")
def areas_deadline(
    area: Annotated[str, typer.Argument(help="Its name, or enough of its path: 桂花社区/1网格.")],
    category: Annotated[str, typer.Argument(help="A category of cases: noise or 噪音扰民.")],
    days: Annotated[
        int | None, typer.Argument(help="Working days; without them the area's own setting is taken back.")
    ] = None,
) -> None:
    """Say in how many working days cases of a category are to be resolved in an area and everywhere below it."""
    from bot.deadlines import set_deadline

    console.print(set_deadline(_settings(), area, category, days), markup=False, highlight=False, soft_wrap=True)


@areas.command("deadlines")
def areas_deadlines() -> None:
    """List the deadlines that areas have set for themselves."""
    from bot.deadlines import listing

    Console().print(listing(_settings()) or "No area has set a deadline; the categories' own hold.")


@app.command()
def calendar() -> None:
    """Say which years' days off and swapped days are known, by which deadlines are counted."""
    from bot.deadlines import calendar as about

    typer.echo(about(_settings()))


@app.command()
def questions(
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each group.")] = False,
) -> None:
    """List what residents ask and the policy documents do not say, masked, what is asked most first."""
    from bot.questions import line, listing, table

    asked = listing(_settings())
    if as_json:
        typer.echo("".join(f"{line(alike)}\n" for alike in asked), nl=False)
    else:
        Console().print(table(asked) if asked else "No question is unanswered.")


@app.command()
def understand() -> None:
    """Read {"text", "now"?} lines and write what each text means."""
    from bot import commands
    from bot.clock import system_clock

    sys.exit(json_lines.run(partial(commands.understand, _parser(), system_clock)))


@app.command()
def times() -> None:
    """Read {"text", "now"} lines and write the time that each text says."""
    from bot import commands

    sys.exit(json_lines.run(commands.times))


@app.command()
def mask() -> None:
    """Read {"text"} lines and write each with its personal data masked."""
    from bot import commands

    sys.exit(json_lines.run(commands.mask_text))


@app.command()
def ask(
    document: Annotated[Path | None, typer.Option(help="Answer from this file alone (txt, docx, pdf).")] = None,
) -> None:
    """Read {"q"} or {"turns"} lines and write what the policy document answers."""
    from bot import commands
    from bot.clock import system_clock
    from bot.set_up import search_for

    sys.exit(json_lines.run(partial(commands.ask, search_for(document, _settings().models), system_clock)))


@app.command("rasa-project")
def rasa_project(
    folder: Annotated[Path, typer.Argument(help="The folder to write it into.")],
    most: Annotated[int | None, typer.Option("--sentences", min=2, help="At most so many for each intent.")] = None,
) -> None:
    """Write a Rasa project that learns from the sentences of our own model."""
    from nlu.rasa_project import write_project
    from nlu.training_data import load_examples

    try:
        write_project(folder, load_examples(), most)
    except OSError as error:
        raise SetUpError(f"{folder}: {error}") from error


@evaluate.callback(invoke_without_command=True)
def evaluate_understanding(
    context: typer.Context,
    model: Annotated[
        list[ModelName] | None, typer.Option(help="A model to measure; several are put side by side.")
    ] = None,
    folder: EvaluationFolder = None,
    as_json: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Write a page with the confusion matrix to this file, too.")] = None,
) -> None:
    """Measure understanding on messages that took no part in training; with `policy` the answers from documents."""
    from bot.evaluation.command import Showing, measure_understanding
    from bot.evaluation.sets import FOLDER

    if context.invoked_subcommand is None:
        measure_understanding(
            _settings(), model or [ModelName.EMBEDDED], folder or FOLDER, Showing(console, as_json=as_json, html=html)
        )


@evaluate.command("policy")
def evaluate_policy(
    folder: EvaluationFolder = None,
    as_json: AsJson = False,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with answer rate against accuracy to this file, too.")
    ] = None,
) -> None:
    """Measure the answers from policy documents on questions that took no part in training, beside plain BM25."""
    from bot.evaluation.command import Showing, measure_policy
    from bot.evaluation.sets import FOLDER

    measure_policy(_settings(), folder or FOLDER, Showing(console, as_json=as_json, html=html))


@evaluate.command("thresholds")
def evaluate_thresholds(folder: DevelopmentFolder = None, as_json: AsJson = False) -> None:
    """Show what asking back costs and saves, threshold by threshold, on the sets that thresholds are chosen on."""
    from bot.evaluation.command import Showing, measure_thresholds
    from bot.evaluation.sets import DEVELOPMENT

    measure_thresholds(_settings(), folder or DEVELOPMENT, Showing(console, as_json=as_json))


@app.command("check-data")
def check_data(folder: EvaluationFolder = None) -> None:
    """Find training sentences that stand twice, contradict each other or are in the evaluation set."""
    from bot.check_data import run
    from bot.evaluation.sets import FOLDER

    sys.exit(0 if run(folder or FOLDER, console) else 1)


@app.command()
def rehearse() -> None:
    """Read scripts of talks, one a line, and write what was said and what the database then holds."""
    from bot.rehearsal import Theatre
    from bot.rehearsal_setup import ScriptError
    from nlu.policy.library import PolicyLibrary

    with Theatre(_parser(), PolicyLibrary(_settings().models)) as theatre:

        def play(data: dict[str, object]) -> json_lines.Answer:
            try:
                return theatre.play(data)
            except ScriptError as error:
                raise json_lines.LineError(str(error)) from error

        sys.exit(json_lines.run(play))


def _parser() -> Parser:
    from bot import logs
    from bot.app import build_parser

    settings = _settings()
    logs.set_up(settings.log_level)
    return build_parser(settings, console.print)


if __name__ == "__main__":
    main()
