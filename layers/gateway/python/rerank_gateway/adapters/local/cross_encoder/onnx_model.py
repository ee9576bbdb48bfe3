"""A model in ONNX, as Optimum and its publishers export cross-encoders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding

from rerank_gateway.adapters.local.cross_encoder.broken_model import BrokenModel

Logits: TypeAlias = NDArray[np.float64]
IDS, MASK, TYPES = "input_ids", "attention_mask", "token_type_ids"
LOGITS = "logits"
INTEGERS: Mapping[str, Any] = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
ERRORS_ONLY = 3
"""ONNX Runtime's log level."""


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """*inputs* are those of a model's that it takes, with the type of their numbers. For any threads."""

    session: Any
    inputs: Mapping[str, Any]
    output: str

    @classmethod
    def load(cls, path: Path, threads: int) -> OnnxModel:
        """The model at *path*, which is to reckon with so many *threads*. Raises BrokenModel."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = ERRORS_ONLY
        try:
            session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as unreadable:  # ONNX Runtime has a dozen, without a name that they share
            raise BrokenModel(f"{path.name} is no model in ONNX: {str(unreadable)[:200]}") from unreadable

        return cls(session, _inputs(session), _output(session))

    def __call__(self, encodings: Sequence[Encoding], pad_id: int) -> Logits:
        """The logit of each pair: how much more it speaks for relevant than for not."""
        feed = {name: _padded(name, encodings, pad_id, kind) for name, kind in self.inputs.items()}
        output = np.asarray(self.session.run([self.output], feed)[0], np.float64)
        logits = output.reshape(len(encodings), -1) if output.size else output
        if logits.ndim != 2 or logits.shape[1] not in (1, 2):
            raise BrokenModel(f"{self.output} has the shape {output.shape}: a reranker has one logit, or two")

        # Softmax's last of two is the sigmoid of their difference.
        return logits[:, 0] if logits.shape[1] == 1 else logits[:, 1] - logits[:, 0]


def _inputs(session: Any) -> Mapping[str, Any]:
    inputs = {each.name: INTEGERS.get(each.type) for each in session.get_inputs()}
    if strange := sorted(inputs.keys() - {IDS, MASK, TYPES}):
        raise BrokenModel(f"the model has the input {strange[0]}, which no cross-encoder has")
    for name in (IDS, MASK):
        if name not in inputs:
            raise BrokenModel(f"the model has no input {name}")
    if None in inputs.values():
        raise BrokenModel("an input of the model takes no whole numbers")

    return inputs


def _output(session: Any) -> str:
    names: list[str] = [each.name for each in session.get_outputs()]
    if LOGITS in names:
        return LOGITS
    if len(names) != 1:
        raise BrokenModel(f"the model has no output {LOGITS}, but {', '.join(names)}")

    return names[0]


def _padded(name: str, encodings: Sequence[Encoding], pad_id: int, kind: Any) -> NDArray[Any]:
    """What goes into the input called *name*: a row a pair, all as long as the longest."""
    shape = len(encodings), max(map(len, encodings))
    rows = np.full(shape, pad_id if name == IDS else 0, kind)
    for row, encoding in zip(rows, encodings, strict=True):
        row[: len(encoding)] = _numbers(name, encoding)

    return rows


def _numbers(name: str, encoding: Encoding) -> Sequence[int] | int:
    if name == MASK:
        return 1

    return encoding.ids if name == IDS else encoding.type_ids
