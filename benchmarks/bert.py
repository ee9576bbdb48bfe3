"""Cross-encoders with random weights, in the shapes of those that people use: BERT in ONNX, as Optimum exports it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing

VOCABULARY = 30_522
WORDS = [consonant + vowel + ending for consonant in "bcdfglmnprst" for vowel in "aeiou" for ending in "bdgklmnprst"]
QUESTION = ["which", "of", "these", "words", "is", "the", "one", "that", "was", "asked", "for"]


@dataclass(frozen=True, slots=True)
class Shape:
    layers: int
    width: int
    heads: int


SHAPES = {"TinyBERT-L2": Shape(2, 128, 2), "MiniLM-L6": Shape(6, 384, 12), "MiniLM-L12": Shape(12, 384, 12)}


def write(folder: Path, shape: Shape, *, quantized: bool) -> None:
    """A model of that *shape* in *folder*."""
    tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps({"max_position_embeddings": 512}))
    onnx.save(Graph(shape).model(), folder / "model.onnx")
    if quantized:
        from onnxruntime.quantization import QuantType, quantize_dynamic

        whole = (folder / "model.onnx").rename(folder / "whole.onnx")
        quantize_dynamic(whole, folder / "model.onnx", weight_type=QuantType.QInt8)
        whole.unlink()


def tokenizer() -> Tokenizer:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *QUESTION, *WORDS]
    made = Tokenizer(WordPiece({word: number for number, word in enumerate(dict.fromkeys(words))}, unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
    made.post_processor = BertProcessing(("[SEP]", 3), ("[CLS]", 2))

    return made


@dataclass
class Graph:
    shape: Shape
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=count)
    rng: Any = field(default_factory=lambda: np.random.default_rng(1))

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"t{next(self.names)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))

        return output

    def constant(self, value: Any) -> str:
        name = f"c{next(self.names)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))

        return name

    def weights(self, *shape: int) -> str:
        return self.constant(self.rng.normal(0, 0.05, shape).astype(np.float32))

    def linear(self, value: str, inputs: int, outputs: int) -> str:
        return self.add("Add", self.add("MatMul", value, self.weights(inputs, outputs)), self.weights(outputs))

    def normalized(self, value: str) -> str:
        ones, width = np.ones(self.shape.width, np.float32), self.shape.width

        return self.add("LayerNormalization", value, self.constant(ones), self.weights(width), axis=-1, epsilon=1e-12)

    def split_heads(self, value: str, order: list[int]) -> str:
        heads, width = self.shape.heads, self.shape.width
        rows = self.add("Reshape", value, self.constant(np.array([0, 0, heads, width // heads])))

        return self.add("Transpose", rows, perm=order)

    def attention(self, value: str, bias: str) -> str:
        heads, width = self.shape.heads, self.shape.width
        query, key, content = (self.linear(value, width, width) for _ in range(3))
        scores = self.add("MatMul", self.split_heads(query, [0, 2, 1, 3]), self.split_heads(key, [0, 2, 3, 1]))
        scaled = self.add("Div", scores, self.constant(np.float32((width // heads) ** 0.5)))
        shares = self.add("Softmax", self.add("Add", scaled, bias), axis=-1)
        mixed = self.add(
            "Transpose", self.add("MatMul", shares, self.split_heads(content, [0, 2, 1, 3])), perm=[0, 2, 1, 3]
        )
        flat = self.add("Reshape", mixed, self.constant(np.array([0, 0, width])))

        return self.normalized(self.add("Add", self.linear(flat, width, width), value))

    def feed_forward(self, value: str) -> str:
        width = self.shape.width
        wide = self.linear(value, width, 4 * width)
        error = self.add("Erf", self.add("Div", wide, self.constant(np.float32(2**0.5))))
        half = self.add(
            "Mul",
            self.add("Mul", wide, self.add("Add", error, self.constant(np.float32(1)))),
            self.constant(np.float32(0.5)),
        )

        return self.normalized(self.add("Add", self.linear(half, 4 * width, width), value))

    def embeddings(self) -> str:
        width = self.shape.width
        words = self.add("Gather", self.weights(VOCABULARY, width), "input_ids")
        types = self.add("Gather", self.weights(2, width), "token_type_ids")
        length = self.add("Shape", "input_ids", start=1)
        places = self.add(
            "Slice", self.weights(512, width), self.constant(np.array([0])), length, self.constant(np.array([0]))
        )

        return self.normalized(self.add("Add", self.add("Add", words, types), places))

    def mask(self) -> str:
        """Nothing for a token, and very much less than nothing for padding."""
        seen = self.add(
            "Cast", self.add("Unsqueeze", "attention_mask", self.constant(np.array([1, 2]))), to=TensorProto.FLOAT
        )
        hidden = self.add("Sub", self.constant(np.float32(1)), seen)

        return self.add("Mul", hidden, self.constant(np.float32(-1e4)))

    def model(self) -> onnx.ModelProto:
        value, bias, width = self.embeddings(), self.mask(), self.shape.width
        for _ in range(self.shape.layers):
            value = self.feed_forward(self.attention(value, bias))
        first = self.add("Gather", value, self.constant(np.int64(0)), axis=1)
        logits = self.linear(self.add("Tanh", self.linear(first, width, width)), width, 1)
        self.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask", "token_type_ids")
        ]
        output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1])
        graph = helper.make_graph(self.nodes, "bert", inputs, [output], self.constants)

        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
