"""Pairs in, scores out: a model and its tokenizer put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from tokenizers import Encoding

from rerank_gateway.adapters.local.cross_encoder.broken_model import BrokenModel
from rerank_gateway.adapters.local.cross_encoder.model_files import ModelFiles
from rerank_gateway.adapters.local.cross_encoder.onnx_model import Logits, OnnxModel
from rerank_gateway.adapters.local.cross_encoder.pair_tokenizer import PairTokenizer
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetFailed, TargetTimedOut

BATCH_TOKENS = 2_048
"""Tokens that are reckoned with at once, padding included. More is no faster on a processor, and takes memory."""


@dataclass(frozen=True, slots=True)
class PairScores:
    """The *logits* of pairs, in their order, and the *tokens* that were read for them."""

    logits: Logits
    tokens: int

    @property
    def probabilities(self) -> list[float]:
        """Each between 0 and 1: the logit's sigmoid."""
        return [float(each) for each in 0.5 * (1.0 + np.tanh(0.5 * self.logits))]


@dataclass(frozen=True, slots=True)
class CrossEncoder:
    """For any threads."""

    tokenizer: PairTokenizer
    model: OnnxModel

    @classmethod
    def load(cls, files: ModelFiles, threads: int) -> CrossEncoder:
        """The one in *files*, tried once. Raises BrokenModel."""
        model = OnnxModel.load(files.model, threads)
        loaded = cls(PairTokenizer.load(files.tokenizer, files.config()), model)
        loaded._try()

        return loaded

    def __call__(
        self, query: str, texts: Sequence[str], truncate: Literal["none", "start", "end"], deadline: Deadline
    ) -> PairScores:
        """
        How relevant each of *texts* is to *query*. What is too long is cut as *truncate* says.

        Raises TargetRefused, TargetTimedOut when the *deadline* comes first, or TargetFailed.
        """
        encodings = self.tokenizer(query, texts, truncate)
        logits = np.empty(len(encodings))
        for batch in batches(encodings):
            if deadline.is_over:
                raise TargetTimedOut("the time was over before all documents were ranked")
            logits[batch] = self.model([encodings[index] for index in batch], self.tokenizer.pad_id)
        if not np.isfinite(logits).all():
            raise TargetFailed("the model reckoned with numbers that are too large for it")

        return PairScores(logits, sum(map(len, encodings)))

    def _try(self) -> None:
        try:
            self.model(self.tokenizer("a question", ["an answer", ""], "end"), self.tokenizer.pad_id)
        except BrokenModel:
            raise
        except Exception as broken:  # as ONNX Runtime's errors have no name that they share
            raise BrokenModel(f"the model cannot read a pair: {str(broken)[:200]}") from broken


def batches(encodings: Sequence[Encoding]) -> Iterator[list[int]]:
    """The indices of *encodings* in batches of what is about as long, so that little is padded."""
    batch: list[int] = []
    for index in sorted(range(len(encodings)), key=lambda index: -len(encodings[index])):
        # The first of a batch is its longest.
        if batch and (len(batch) + 1) * len(encodings[batch[0]]) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
