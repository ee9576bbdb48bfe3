"""A query and a text as the tokens of a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tokenizers import Encoding, Tokenizer

from rerank_gateway.adapters.local.cross_encoder.broken_model import BrokenModel
from rerank_gateway.domain.errors import TargetRefused, TooLong

USUAL_TOKENS = 512
"""What a model takes that does not say, as BERT and most rerankers do."""
MAX_TOKENS = 1024
"""Of a query and a text. Some models take 8,192, for which no processor has the time."""
PAD_TOKENS = ("[PAD]", "<pad>")
POSITIONS_AFTER_PADDING = frozenset(("camembert", "roberta", "xlm-roberta"))
"""Kinds of models whose first position follows the padding's id, so that they take fewer tokens than positions."""
Kept = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class PairTokenizer:
    """
    Pairs as *tokenizer.json* writes them, with its special tokens and types, in at most *max_tokens*: two tokenizers
    of the same kind, by which side of a text that is too long is cut off. For any threads.
    """

    cuts_end: Tokenizer
    cuts_start: Tokenizer
    max_tokens: int
    pad_id: int

    @classmethod
    def load(cls, path: Path, config: Mapping[str, Any]) -> PairTokenizer:
        """The one at *path*, for the model with this *config*. Raises BrokenModel."""
        cuts_end, cuts_start = _load(path), _load(path)
        pad_id = _pad_id(cuts_end, config)
        max_tokens = _max_tokens(cuts_end, config, pad_id)
        for tokenizer, side in ((cuts_end, "right"), (cuts_start, "left")):
            # Batches are made of what is about as long, and padded then.
            tokenizer.no_padding()
            # As Text Embeddings Inference and Sentence Transformers do: of a query and a text the longer one is cut.
            tokenizer.enable_truncation(max_tokens, strategy="longest_first", direction=side)

        return cls(cuts_end, cuts_start, max_tokens, pad_id)

    def __call__(self, query: str, texts: Sequence[str], truncate: Literal["none", "start", "end"]) -> list[Encoding]:
        """
        *query* with each of *texts*; what is too long is cut at the side that *truncate* says. Raises TargetRefused
        where nothing may be.
        """
        tokenizer = self.cuts_start if truncate == "start" else self.cuts_end
        # Fast, as it counts no characters, for which there is no use here.
        encodings = tokenizer.encode_batch_fast([(query, text) for text in texts])
        if truncate == "none":
            self._refuse_truncated(encodings)

        return encodings

    def _refuse_truncated(self, encodings: Iterable[Encoding]) -> None:
        longest = max((_length(encoding) for encoding in encodings if encoding.overflowing), default=0)
        if longest:
            # In the words of Text Embeddings Inference, so that whoever reads its errors understands this one, too.
            refusal = TargetRefused(
                f"`inputs` must have less than {self.max_tokens} tokens. Given: {longest}", status_code=422
            )
            refusal.too_long = TooLong(self.max_tokens, longest)
            raise refusal


def _load(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(path))
    except Exception as unreadable:  # it has no error of its own
        raise BrokenModel(f"{path.name} is no tokenizer: {unreadable}") from unreadable


def _length(encoding: Encoding) -> int:
    """About how many tokens it had before it was cut: the special ones are in each of its parts."""
    return len(encoding) + sum(map(len, encoding.overflowing))


def _pad_id(tokenizer: Tokenizer, config: Mapping[str, Any]) -> int:
    padding = tokenizer.padding or {}
    by_name = (tokenizer.token_to_id(token) for token in PAD_TOKENS)
    known = (padding.get("pad_id"), config.get("pad_token_id"), *by_name)

    return next((each for each in known if isinstance(each, int)), 0)


def _max_tokens(tokenizer: Tokenizer, config: Mapping[str, Any], pad_id: int) -> int:
    positions = config.get("max_position_embeddings")
    if isinstance(positions, int) and config.get("model_type") in POSITIONS_AFTER_PADDING:
        positions -= pad_id + 1
    truncation = tokenizer.truncation or {}
    known = [each for each in (positions, truncation.get("max_length")) if isinstance(each, int) and each > 0]

    return min(*known, MAX_TOKENS) if known else USUAL_TOKENS
