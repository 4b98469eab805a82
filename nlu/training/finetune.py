"""Teaches the encoder our intents: by cross-entropy, and by drawing sentences of one intent together."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nlu.training.network import Network

LEARNING_RATE, HEAD_LEARNING_RATE = 2e-4, 2e-3
WEIGHT_DECAY = 0.01
WARM_UP = 0.1
SMOOTHING = 0.1
TEMPERATURE = 0.1
DROPOUT = 0.1
LARGEST_STEP = 1.0
LARGEST_BATCH = 128
LARGEST_SAMPLE = 2000


@dataclass(frozen=True, slots=True)
class Lesson:
    """One training sentence: the ids of its pieces and the number of its intent."""

    pieces: list[int]
    label: int


def finetune(
    network: Network,
    lessons: Sequence[Lesson],
    labels: int,
    *,
    epochs: int,
    batch: int,
    seed: int,
    say: Callable[[str], None],
) -> None:
    """Train `network` in place on `lessons` with `labels` intents; its tables of words and places stay as they are."""
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    centre, spread = _frozen_moments(network, lessons)
    head = nn.Linear(len(centre), labels)
    inner = [parameter for parameter in network.parameters() if parameter.requires_grad]
    groups = [{"params": inner, "lr": LEARNING_RATE}, {"params": head.parameters(), "lr": HEAD_LEARNING_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY, fused=True)
    steps = epochs * len(_batches(lessons, batch, shuffle))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _slope(step, steps))
    network.train()
    for epoch in range(epochs):
        began, total, count = time.monotonic(), 0.0, 0
        for chosen in _batches(lessons, batch, shuffle):
            wanted = torch.tensor([lesson.label for lesson in chosen])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                vectors = network(torch.tensor([lesson.pieces for lesson in chosen]))
            features = (functional.normalize(vectors.float(), dim=1) - centre) / spread
            features = functional.dropout(features, DROPOUT)
            loss = functional.cross_entropy(head(features), wanted, label_smoothing=SMOOTHING)
            loss = loss + contrast(functional.normalize(features, dim=1), wanted)
            optimizer.zero_grad()
            # A small batch must not count for as much as a whole one.
            (loss * len(chosen) / batch).backward()
            nn.utils.clip_grad_norm_(inner, LARGEST_STEP)
            optimizer.step()
            schedule.step()
            total, count = total + float(loss.detach()), count + 1
        say(f"epoch {epoch + 1} of {epochs}: loss {total / count:.3f}, {time.monotonic() - began:.0f} s")
    network.eval()


def contrast(features: Tensor, labels: Tensor) -> Tensor:
    """The supervised contrastive loss (Khosla et al. 2020) of features of length 1; 0 where no two labels agree."""
    itself = torch.eye(len(labels), dtype=torch.bool)
    likeness = (features @ features.T / TEMPERATURE).masked_fill(itself, float("-inf"))
    odds = likeness - likeness.logsumexp(1, keepdim=True)
    alike = (labels[:, None] == labels[None, :]) & ~itself
    partners = alike.sum(1)
    pulled = odds.masked_fill(~alike, 0.0).sum(1) / partners.clamp(min=1)
    return -pulled.sum() / partners.gt(0).sum().clamp(min=1)


def vectors_of(network: Network, texts: Sequence[list[int]]) -> Tensor:
    """The vectors of texts, given as ids of pieces, scaled to length 1: (texts, width)."""
    vectors: dict[int, Tensor] = {}
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for places in _by_length(texts).values():
            for start in range(0, len(places), LARGEST_BATCH):
                some = places[start : start + LARGEST_BATCH]
                found = functional.normalize(network(torch.tensor([texts[place] for place in some])).float(), dim=1)
                vectors |= dict(zip(some, found, strict=True))
    return torch.stack([vectors[place] for place in range(len(texts))])


def _batches(lessons: Sequence[Lesson], size: int, shuffle: random.Random) -> list[list[Lesson]]:
    """Batches of sentences of one length, since padding costs time and a mask costs more; in random order."""
    batches = []
    for places in _by_length([lesson.pieces for lesson in lessons]).values():
        shuffle.shuffle(places)
        batches += [[lessons[place] for place in places[i : i + size]] for i in range(0, len(places), size)]
    shuffle.shuffle(batches)
    return batches


def _by_length(texts: Sequence[list[int]]) -> dict[int, list[int]]:
    """The places of the texts of each length."""
    places = defaultdict(list)
    for place, text in enumerate(texts):
        places[len(text)].append(place)
    return places


def _frozen_moments(network: Network, lessons: Sequence[Lesson]) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of the vectors before training: e5's lie close together, which hides what differs."""
    network.eval()
    sample = random.Random(0).sample(list(lessons), min(len(lessons), LARGEST_SAMPLE))
    vectors = vectors_of(network, [lesson.pieces for lesson in sample])
    return vectors.mean(0), vectors.std(0)


def _slope(step: int, steps: int) -> float:
    """Up in the first tenth, then down in a straight line."""
    warm = max(1, int(steps * WARM_UP))
    return step / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))
