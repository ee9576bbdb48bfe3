"""AWS's signature, verified from what arrived, and the wire of our AWS providers beside that of AWS's own SDK."""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Barrier
from time import sleep
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from rerank_gateway.adapters.aws.credentials import Credentials, CredentialSource
from rerank_gateway.adapters.aws.signature import Scope, sign
from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.signers.aws import AwsSigner
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import ProviderRequest
from rerank_gateway.domain.errors import TargetFailed, TargetMissing
from tests.adapters.providers import reranker
from tests.fakes import request, within
from tests.upstream import Question, says, upstream

REGION = "us-west-2"
NOON = 1_795_867_200.0
"""Of the 28th of November 2026."""
PROFILE = "us.cohere.rerank-v3-5:0"
BEDROCK_REPLY = {"results": [{"index": 1, "relevanceScore": 0.9}, {"index": 0, "relevanceScore": 0.1}]}
INVOKE_REPLY = {"results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}]}
TEI_REPLY = [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}, {"index": 2, "score": 0.0}]
EXCHANGES = [
    pytest.param("bedrock", "amazon.rerank-v1:0", BEDROCK_REPLY, id="rerank"),
    pytest.param("bedrock_invoke", "cohere.rerank-v3-5:0", INVOKE_REPLY, id="invoke Cohere's"),
    pytest.param("bedrock_invoke", "amazon.rerank-v1:0", INVOKE_REPLY, id="invoke Amazon's"),
    pytest.param("bedrock_invoke", PROFILE, INVOKE_REPLY, id="invoke a profile"),
    pytest.param("lambda", "my-function", TEI_REPLY, id="lambda"),
    pytest.param("sagemaker", "my-endpoint", TEI_REPLY, id="sagemaker"),
    pytest.param("sagemaker_cohere", "my-endpoint", INVOKE_REPLY, id="sagemaker with Cohere"),
    pytest.param("sagemaker_vllm", "my-endpoint", INVOKE_REPLY, id="sagemaker with vLLM"),
]
LETTER = ProviderRequest("https://bedrock-runtime.us-west-2.amazonaws.com/model/m/invoke", {}, b"{}")


def sent_by_us(transport: HttpsTransport, name: str, model: str, response: Any, *keys: str) -> Question:
    with upstream(says(response)) as provider:
        asking = reranker(transport, name, provider.url, *keys, settings={"region": REGION})
        asking.rerank(request(top_n=2), model, within(5.0))

    return provider.questions[0]


def sent_by_boto3(name: str, model: str, response: Any, body: Any) -> Question:
    with upstream(says(response)) as provider:
        CALLS[name](provider.url, model, body)

    return provider.questions[0]


@contextmanager
def client(service: str, url: str) -> Iterator[Any]:
    # A session of its own: boto3's usual one keeps the credentials of whichever test came first.
    with closing(boto3.Session(region_name=REGION).client(service, endpoint_url=url)) as made:
        yield made


def rerank(url: str, _: str, body: Any) -> None:
    with client("bedrock-agent-runtime", url) as bedrock:
        bedrock.rerank(**body)


def invoke_model(url: str, model: str, body: Any) -> None:
    with client("bedrock-runtime", url) as bedrock:
        bedrock.invoke_model(modelId=model, body=json.dumps(body), contentType="application/json")


def invoke_endpoint(url: str, model: str, body: Any) -> None:
    with client("sagemaker-runtime", url) as sagemaker:
        sagemaker.invoke_endpoint(EndpointName=model, Body=json.dumps(body), ContentType="application/json")


def invoke_function(url: str, model: str, body: Any) -> None:
    with client("lambda", url) as functions:
        functions.invoke(FunctionName=model, Payload=json.dumps(body))


CALLS: dict[str, Callable[[str, str, Any], None]] = {
    "bedrock": rerank,
    "bedrock_invoke": invoke_model,
    "lambda": invoke_function,
    **dict.fromkeys(("sagemaker", "sagemaker_cohere", "sagemaker_vllm"), invoke_endpoint),
}


def signature(received: Question, secret: str) -> str:
    """What AWS would compute from *received*, step by step as its documentation of Signature Version 4 has it."""
    scope, names = re.findall(r"Credential=[^/]+/([^,]+), SignedHeaders=([^,]+)", received.headers["authorization"])[0]
    headers = "".join(f"{name}:{received.headers[name]}\n" for name in names.split(";"))
    # Every service but S3 has the path encoded once more.
    path = quote(received.path, safe="/~")
    canonical = "\n".join([received.method, path, "", headers, names, sha256(received.body).hexdigest()])
    string_to_sign = ["AWS4-HMAC-SHA256", received.headers["x-amz-date"], scope, sha256(canonical.encode()).hexdigest()]
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")

    return hmac.digest(key, "\n".join(string_to_sign).encode(), "sha256").hex()


@pytest.mark.parametrize(("name", "model", "response"), EXCHANGES)
def test_the_signature_fits_what_arrived(transport: HttpsTransport, name: str, model: str, response: Any) -> None:
    """
    Path, headers and body on the wire are those that were signed, for the service and the region that are called.
    """
    received = sent_by_us(transport, name, model, response)

    auth = registry.provider(name).auth
    assert received.headers["authorization"].endswith(f"Signature={signature(received, 'secret')}")
    assert f"/{REGION}/{getattr(auth, 'service', None)}/aws4_request," in received.headers["authorization"]


@pytest.mark.parametrize(("name", "model", "response"), EXCHANGES)
def test_the_wire_is_that_of_awss_own_sdk(transport: HttpsTransport, name: str, model: str, response: Any) -> None:
    """
    boto3 sends the same for the same request: method, path, body, token, and what is signed; the content type too, but
    that it names none to Lambda.
    """
    ours = sent_by_us(transport, name, model, response)
    theirs = sent_by_boto3(name, model, response, ours.json)

    assert (ours.method, ours.path, ours.json) == (theirs.method, theirs.path, theirs.json)
    typed = {"content-type"} & theirs.headers.keys()
    for header in (*typed, "x-amz-security-token"):
        assert ours.headers[header] == theirs.headers[header]
    assert [each for each in signed_headers(ours) if each in typed or each != "content-type"] == signed_headers(theirs)
    assert typed or name == "lambda"
    assert theirs.headers["authorization"].endswith(signature(theirs, "secret"))


def signed_headers(received: Question) -> list[str]:
    found: list[str] = re.findall("SignedHeaders=([^,]+)", received.headers["authorization"])

    return found[0].split(";")


def test_the_address_is_signed_as_it_is_written() -> None:
    """
    A port that could be left out is signed all the same when the operator's address has it.
    """
    signed = signer_with(CredentialSource(os.environ)).headers(
        ProviderRequest("https://proxy.example:443/rerank", {}, b"{}"), None, within(5.0)
    )

    assert signed["host"] == "proxy.example:443"


@pytest.mark.parametrize(
    "address",
    ["/", "/a/b/", "/a//b", "/a/./b/../c", "/model/a%3A0/invoke", "/model/a%2Fb%20c/~x", "/?b=2&a=1%20&c", "/a?x=%3D"],
)
def test_every_address_is_signed_as_botocore_does(address: str) -> None:
    """
    With steps that lead back, double slashes, what is encoded already, and parameters in any order.
    """
    credentials, url = Credentials("AKID", "secret", "token"), f"https://proxy.example{address}"
    headers = {"content-type": "application/json", "x-amz-target": "Service.Operation"}

    ours = sign(ProviderRequest(url, headers, b"{}"), Scope("bedrock", REGION), credentials, NOON)

    theirs = AWSRequest("POST", url, headers={"host": "proxy.example", **headers}, data=b"{}")
    theirs.context["timestamp"] = ours["x-amz-date"]
    theirs.headers["X-Amz-Date"] = ours["x-amz-date"]
    theirs.headers["X-Amz-Security-Token"] = "token"
    botocore = SigV4Auth(BotocoreCredentials("AKID", "secret", "token"), "bedrock", REGION)
    text = botocore.string_to_sign(theirs, botocore.canonical_request(theirs))
    assert ours["authorization"].endswith(f"Signature={botocore.signature(text, theirs)}")
    assert ours["x-amz-date"] == "20261128T120000Z"


def test_an_api_key_is_sent_instead(transport: HttpsTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    With a Bedrock API key nothing is signed, and no credentials are needed.
    """
    without_credentials(monkeypatch)

    received = sent_by_us(transport, "bedrock_invoke", "cohere.rerank-v3-5:0", INVOKE_REPLY, "bedrock-api-key")

    assert received.headers["authorization"] == "Bearer bedrock-api-key"
    assert not [name for name in received.headers if name.startswith("x-amz")]


def signer_with(credentials: CredentialSource) -> AwsSigner:
    return AwsSigner(Scope("bedrock", REGION), credentials, SystemClock())


def without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_missing_credentials_are_a_missing_target(transport: HttpsTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where botocore finds none, the target is passed over, and the message says why.
    """
    without_credentials(monkeypatch)

    with pytest.raises(TargetMissing, match="no AWS credentials"):
        sent_by_us(transport, "sagemaker", "my-endpoint", TEI_REPLY)


def test_broken_credentials_are_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What botocore itself complains about is a failure of this target, in our words.
    """
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(TargetFailed, match="credentials"):
        signer_with(CredentialSource(os.environ)).headers(LETTER, None, within(5.0))


def test_credentials_may_come_from_anywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    Outside of Lambda the rest of botocore's chain is tried: here, a profile.
    """
    without_credentials(monkeypatch)
    (tmp_path / "credentials").write_text("[mine]\naws_access_key_id = AKIDMINE\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_PROFILE", "mine")

    signed = signer_with(CredentialSource(os.environ)).headers(LETTER, None, within(5.0))

    assert "Credential=AKIDMINE/" in signed["authorization"]


def test_renewed_credentials_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Those in the environment are taken anew for each signature.
    """
    ours = signer_with(CredentialSource(os.environ))

    before = ours.headers(LETTER, None, within(5.0))["x-amz-security-token"]
    monkeypatch.setenv("AWS_SESSION_TOKEN", "renewed")
    after = ours.headers(LETTER, None, within(5.0))["x-amz-security-token"]

    assert (before, after) == ("token", "renewed")


def test_credentials_are_looked_for_once() -> None:
    """
    Jobs that start side by side share one search.
    """
    searches = []

    @cache
    def search() -> BotocoreCredentials:
        searches.append(1)
        sleep(0.05)

        return BotocoreCredentials("AKID", "secret")

    ours, start = signer_with(CredentialSource(search=search)), Barrier(8)

    def sign(_: int) -> None:
        start.wait()
        ours.headers(LETTER, None, within(5.0))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(sign, range(8)))

    assert len(searches) == 1
