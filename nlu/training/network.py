"""multilingual-e5-small as a torch module: a BERT of 12 layers with post-layer normalisation, pooled by its mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from nlu.training.e5 import E5


def _attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Attention written out: torch's own is ten times as slow backwards in 16 bits on a processor."""
    with torch.autocast("cpu", enabled=False):
        query, key, value = query.float(), key.float(), value.float()
        odds = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        return odds.softmax(-1) @ value


class DropOfSentence(nn.Module):
    """Dropout that silences the same numbers at every place of a sentence (Gal and Ghahramani 2016).

    It needs one random number where plain dropout needs as many as there are places, which on a processor take longer
    to draw than a layer takes to run.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, states: Tensor) -> Tensor:
        """`states` is (batch, length, width)."""
        if not self.training:
            return states
        kept = torch.rand(states.shape[0], 1, states.shape[2]) >= self.rate
        return states * (kept / (1 - self.rate)).to(states.dtype)


class Layer(nn.Module):
    """Attention and a feed-forward part, each followed by a residual sum and a normalisation."""

    def __init__(self, width: int, heads: int, inner: int, epsilon: float, drop: nn.Module) -> None:
        super().__init__()
        self.heads = heads
        self.drop = drop
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.wide, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.after_attention, self.after_feed = (nn.LayerNorm(width, eps=epsilon) for _ in range(2))

    def forward(self, states: Tensor) -> Tensor:
        """`states` is (batch, length, width), and so is what comes out."""
        batch, length, width = states.shape
        split = (batch, length, self.heads, width // self.heads)
        query, key, value = (part(states).view(split).transpose(1, 2) for part in (self.query, self.key, self.value))
        attended = _attend(query, key, value)
        attended = self.out(attended.transpose(1, 2).reshape(batch, length, width))
        states = self.after_attention(states + self.drop(attended))
        return self.after_feed(states + self.drop(self.narrow(functional.gelu(self.wide(states)))))


class Network(nn.Module):
    """Pieces to sentence vectors. The word table holds only the pieces that `kept` names, in that order."""

    def __init__(self, published: E5, kept: list[int], dropout: float = 0.1) -> None:
        super().__init__()
        tensors = {name: torch.from_numpy(tensor.copy()) for name, tensor in published.tensors.items()}
        width = published.width
        self.words = nn.Embedding.from_pretrained(tensors["emb.word"][kept], freeze=True)
        place = tensors["emb.pos"].view(published.positions, width) + tensors["emb.type"].view(-1, width)[0]
        self.places = nn.Embedding.from_pretrained(place, freeze=True)
        self.normalise = nn.LayerNorm(width, eps=published.epsilon)
        _set(self.normalise, tensors, "emb.ln")
        self.drop = DropOfSentence(dropout)
        shape = (width, published.heads, published.inner, published.epsilon)
        self.layers = nn.ModuleList(Layer(*shape, self.drop) for _ in range(published.layers))
        for number, layer in enumerate(self.layers):
            for name, part in _parts(layer).items():
                _set(part, tensors, f"l{number}.{name}")

    def forward(self, pieces: Tensor) -> Tensor:
        """The mean of the last layer over the pieces, before any scaling: (batch, width)."""
        return self.states(pieces).mean(1)

    def states(self, pieces: Tensor) -> Tensor:
        """The last layer of each piece: (batch, length, width).

        `pieces` is (batch, length) of ids: texts of one length, so that nothing is padded.
        """
        places = torch.arange(pieces.shape[1])
        states = self.drop(self.normalise(self.words(pieces) + self.places(places)[None]))
        for layer in self.layers:
            states = layer(states)
        return states


def _parts(layer: nn.Module) -> dict[str, nn.Module]:
    return {
        "q": layer.query, "k": layer.key, "v": layer.value, "ao": layer.out, "aln": layer.after_attention,
        "fi": layer.wide, "fo": layer.narrow, "oln": layer.after_feed,
    }  # fmt: skip


def _set(part: nn.Module, tensors: dict[str, Tensor], name: str) -> None:
    with torch.no_grad():
        part.weight.copy_(tensors[f"{name}.w"])
        part.bias.copy_(tensors[f"{name}.b"])
