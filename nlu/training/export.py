"""Writes the trained network as an ONNX file in which matrices and the word table are stored in 8 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from pathlib import Path

    from nlu.training.network import Network

OPSET = 17
WORDS = "words.weight"


class _OfOneText(nn.Module):
    """The network for one text without padding, its vector scaled to length 1, seen from `centre` if there is one."""

    def __init__(self, network: Network, centre: Tensor | None) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("centre", centre)

    def forward(self, pieces: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        states = self.network.states(pieces)
        vector = functional.normalize(states.mean(1), dim=1)
        return vector if self.centre is None else (functional.normalize(vector - self.centre, dim=1), states)


def export(network: Network, path: Path, centre: Tensor | None = None) -> None:
    """Write `network` to `path`, which takes ids as `pieces` (1, length) and gives one vector (1, width) of length 1.

    With a `centre`, vectors of length 1 are seen from there, so that texts that have nothing in common lie at an angle,
    and the `states` (1, length, width) of the pieces are given too.
    """
    whole = path.with_suffix(".float.onnx")
    outputs = ["vector"] if centre is None else ["vector", "states"]
    torch.onnx.export(
        _OfOneText(network.eval(), centre),
        (torch.tensor([[0, 10, 11, 12, 2]]),),
        str(whole),
        input_names=["pieces"],
        output_names=outputs,
        dynamic_axes={name: {1: "length"} for name in ("pieces", *outputs[1:])},
        opset_version=OPSET,
        dynamo=False,
    )
    # Per channel, for one scale a matrix distorts what lies close together; the word table is dealt with below.
    quantize_dynamic(whole, path, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8)
    whole.unlink()
    model = onnx.load(path)
    _shrink_word_table(model)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _shrink_word_table(model: onnx.ModelProto) -> None:
    """Replace the look-up in a table of floats by one in a table of bytes, times the scale of the row looked up."""
    graph = model.graph
    table = next(tensor for tensor in graph.initializer if tensor.name.endswith(WORDS))
    place, look_up = next((i, node) for i, node in enumerate(graph.node) if table.name in node.input)
    words = numpy_helper.to_array(table)
    scales = np.abs(words).max(axis=1, keepdims=True) / 127
    scales[scales == 0] = 1
    numbers = np.round(words / scales).astype(np.int8)
    graph.initializer.remove(table)
    graph.initializer.append(numpy_helper.from_array(numbers, "word_numbers"))
    graph.initializer.append(numpy_helper.from_array(scales.astype(np.float32), "word_scales"))
    pieces, (found,) = look_up.input[1], look_up.output
    graph.node.remove(look_up)
    for node in reversed(
        [
            helper.make_node("Gather", ["word_numbers", pieces], ["word_bytes"]),
            helper.make_node("Cast", ["word_bytes"], ["word_floats"], to=TensorProto.FLOAT),
            helper.make_node("Gather", ["word_scales", pieces], ["word_scale"]),
            helper.make_node("Mul", ["word_floats", "word_scale"], [found]),
        ]
    ):
        graph.node.insert(place, node)
