"""What AWS's services mean by the status of an error."""

from __future__ import annotations

from rerank_gateway.adapters.aws.error_names import THROTTLING, error_name
from rerank_gateway.adapters.transports.messages import ProviderResponse


def aws_status(response: ProviderResponse) -> int:
    return 429 if response.status >= 400 and error_name(response) in THROTTLING else response.status
