"""
Cross-encoders that are small enough to check by hand, in the files that Optimum would write.

A logit is the mean, over all tokens that are no padding, of the token's weight times its place and its type: so whoever
loses a token, pads wrongly, or mixes up query and text gets another number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing, RobertaProcessing

WORDS = [
    "apple",
    "apples",
    "green",
    "red",
    "pear",
    "pears",
    "the",
    "an",
    "which",
    "one",
    "?",
    ".",
    "äpfel",
    "苹",
    "##s",
]
CHARACTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
MAX_TOKENS = 32


@dataclass(frozen=True)
class Kind:
    """How a model is exported: its *precision*, its number of *logits*, whether it wants types, and whose tokens."""

    precision: str = "fp32"
    logits: int = 1
    types: bool = True
    tokens: str = "bert"
    integers: int = TensorProto.INT64


def write(folder: Path, kind: Kind | None = None, config: Mapping[str, Any] | None = None) -> Path:
    """A model of that *kind* in *folder*."""
    kind = kind or Kind()
    tokenizer = roberta_tokenizer() if kind.tokens == "roberta" else bert_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    onnx.save(model(kind, tokenizer.get_vocab_size()), folder / "model.onnx")
    (folder / "config.json").write_text(json.dumps(config or {"max_position_embeddings": MAX_TOKENS}))
    if kind.precision == "int8":
        _quantize(folder / "model.onnx")

    return folder


def bert_tokenizer() -> Tokenizer:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = [*special, *WORDS, *CHARACTERS, *(f"##{each}" for each in CHARACTERS)]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(vocabulary))}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
    tokenizer.post_processor = BertProcessing(("[SEP]", numbers["[SEP]"]), ("[CLS]", numbers["[CLS]"]))
    # As published files do: it is the reader who knows better.
    tokenizer.enable_padding(length=MAX_TOKENS, pad_id=numbers["[PAD]"], pad_token="[PAD]")
    tokenizer.enable_truncation(MAX_TOKENS)

    return tokenizer


def roberta_tokenizer() -> Tokenizer:
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *WORDS, *CHARACTERS, *(f"##{each}" for each in CHARACTERS)]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(vocabulary))}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="<unk>"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
    tokenizer.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)

    return tokenizer


def weights(vocabulary: int, logits: int) -> NDArray[np.float64]:
    """A column of weights a logit, none of them like another."""
    return np.random.default_rng(7).normal(size=(vocabulary, logits))


def places(longest: int) -> NDArray[np.float64]:
    return 1 + np.arange(longest) / 64


def expected_logits(
    ids: Sequence[int], types: Sequence[int] | None, kind: Kind, vocabulary: int
) -> NDArray[np.float64]:
    """The logits of one pair, reckoned without ONNX."""
    factors = places(len(ids)) * (1 + np.array(types if types is not None else [0] * len(ids)))

    return np.asarray((weights(vocabulary, kind.logits)[list(ids)] * factors[:, None]).mean(axis=0))


def model(kind: Kind, vocabulary: int) -> onnx.ModelProto:
    """The graph of *kind*: look up, multiply, leave out what is masked, and take the mean."""
    real = TensorProto.FLOAT16 if kind.precision == "fp16" else TensorProto.FLOAT
    dtype = np.float16 if kind.precision == "fp16" else np.float32
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if kind.types else [])]
    types = "token_type_ids" if kind.types else "nothing"
    nodes = [
        # An embedding of one-hot rows: the weights are then those of a matrix product, which is what gets quantized.
        helper.make_node("Gather", ["one_hot", "input_ids"], ["rows"]),
        helper.make_node("MatMul", ["rows", "weights"], ["weighed"]),
        *([] if kind.types else [helper.make_node("Sub", ["input_ids", "input_ids"], ["nothing"])]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=real),
        helper.make_node("Cast", [types], ["real_types"], to=real),
        helper.make_node("Add", ["real_types", "one"], ["type_factors"]),
        helper.make_node("Shape", ["mask"], ["longest"], start=1),
        helper.make_node("Slice", ["places", "zero", "longest"], ["place_factors"]),
        helper.make_node("Mul", ["mask", "type_factors"], ["masked_types"]),
        helper.make_node("Mul", ["masked_types", "place_factors"], ["factors"]),
        helper.make_node("Unsqueeze", ["factors", "last"], ["columns"]),
        helper.make_node("Mul", ["weighed", "columns"], ["parts"]),
        helper.make_node("ReduceSum", ["parts", "first"], ["sums"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "first"], ["counts"], keepdims=1),
        helper.make_node("Div", ["sums", "counts"], ["logits"]),
    ]
    constants: dict[str, Any] = {
        "one_hot": np.eye(vocabulary, dtype=dtype),
        "weights": weights(vocabulary, kind.logits).astype(dtype),
        "places": places(1024).astype(dtype),
        "one": np.array(1, dtype),
        "zero": np.array([0]),
        "first": np.array([1]),
        "last": np.array([-1]),
    }
    graph = helper.make_graph(
        nodes,
        "reranker",
        [helper.make_tensor_value_info(name, kind.integers, ["batch", "tokens"]) for name in names],
        [helper.make_tensor_value_info("logits", real, ["batch", kind.logits])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )

    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _quantize(path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = path.rename(path.with_name("whole.onnx"))
    quantize_dynamic(whole, path, weight_type=QuantType.QInt8)
    whole.unlink()
