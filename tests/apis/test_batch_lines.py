"""The lines of a batch and of its results."""

from __future__ import annotations

import json

from rerank_gateway.apis.batch_lines import OpenAiResults
from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.chunks import RequestLine
from rerank_gateway.domain.batches.work import LineRequest
from rerank_gateway.domain.jobs.job import Outcome

BATCH = Batch(id="batch_1", owner="master", input_file_id="file-1", created_at=0.0, deadline=1.0)


def test_a_result_is_one_line_to_whoever_splits_them() -> None:
    """
    Also by what Unicode takes for the end of a line, and it says the same.
    """
    odd = "a\x85b\u2028c\u2029d\x0be\x1cf\rg\n"
    outcome = Outcome(200, json.dumps({"results": [{"document": odd}]}, ensure_ascii=False).encode())

    result = OpenAiResults().answered(LineRequest(BATCH, 1, RequestLine(odd, b"{}")), outcome).decode()

    assert result.splitlines() == [result]
    assert json.loads(result)["custom_id"] == odd
    assert json.loads(result)["response"]["body"]["results"] == [{"document": odd}]
