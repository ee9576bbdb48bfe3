"""Documents with images, and the models that take them."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.providers.images import as_data_uri
from rerank_gateway.domain.attempt import AllTargetsFailed, Attempt
from rerank_gateway.domain.errors import TargetRefused
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.target import Target
from tests.adapters.providers import Recorded
from tests.fakes import TEXTS, request

PICTURE = "data:image/png;base64,iVBORw0KGgo="
ADDRESS = "https://images.example/cat.png"

RECORDED = [Recorded.of(name) for name in registry.NAMES]


def names(some: list[Recorded]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("recorded", [pytest.param(one, id=one.name) for one in some])


WITH_IMAGES = [one for one in RECORDED if one.image]
TEXT_ONLY = [one for one in RECORDED if not one.image]
SELF_HOSTED = [one for one in WITH_IMAGES if registry.provider(one.name).url is None]


def with_image(image: str, text: str = TEXTS[0]) -> RerankRequest:
    """A request whose first document has an image."""
    return request(top_n=2, texts=(text, *TEXTS[1:]), images={0: image})


def documents_in(recorded: Recorded, body: Any) -> list[Any]:
    """The documents in *body*, however deep the provider wants them."""
    found = body.get(recorded.dialect.documents)
    if found is None:
        found = next(part[recorded.dialect.documents] for part in body.values() if isinstance(part, dict))

    return list(found)


def shown(recorded: Recorded, request: RerankRequest) -> list[Any]:
    """The documents that a model which takes images is sent for *request*."""
    return documents_in(recorded, recorded.body(request, (recorded.image or {}).get("model")))


@names(WITH_IMAGES)
def test_a_document_with_an_image_is_what_the_provider_reads(recorded: Recorded) -> None:
    """
    The image goes along in the provider's own form; documents without one are sent as ever.
    """
    assert recorded.image is not None

    first, *others = shown(recorded, with_image(PICTURE))

    assert first == recorded.image["document"]
    assert others == shown(recorded, request(top_n=2))[1:]


@names(WITH_IMAGES)
def test_an_image_needs_no_text(recorded: Recorded) -> None:
    """
    A text that is not there is left out rather than sent empty, which some refuse.
    """
    first, *_ = shown(recorded, with_image(PICTURE, text=""))

    assert PICTURE in str(first)
    assert '""' not in str(first).replace("'", '"')


@names(SELF_HOSTED)
def test_bare_base64_is_as_good_as_a_data_uri(recorded: Recorded) -> None:
    """
    Callers send either. To a server of one's own it is never sent bare, as that could be the name of a file there.
    """
    bare = PICTURE.partition(",")[2]

    assert shown(recorded, with_image(bare)) == shown(recorded, with_image(PICTURE))


@names(SELF_HOSTED)
def test_a_server_of_one_s_own_fetches_nothing_for_a_caller(recorded: Recorded) -> None:
    """
    A server within the operator's network gets images inline only: a caller could name any address in there.
    """
    with pytest.raises(TargetRefused, match="not by address"):
        shown(recorded, with_image(ADDRESS))


@names(TEXT_ONLY)
def test_a_provider_without_images_says_so(recorded: Recorded) -> None:
    """
    A document that is nothing but an image is a 400 that names the provider, before anything is sent.
    """
    with pytest.raises(TargetRefused, match="no images") as refused:
        recorded.body(with_image(PICTURE, text=""))

    answer = AllTargetsFailed([Attempt(Target(recorded.name, recorded.model), 0.0, refused.value)])
    assert refused.value.status_code == 400
    assert answer.message.startswith(f"{recorded.name}/{recorded.model}: ")


@names(TEXT_ONLY)
def test_a_provider_without_images_ranks_the_text_beside_one(recorded: Recorded) -> None:
    """
    A text with a picture beside it is still a text.
    """
    assert recorded.body(with_image(PICTURE)) == recorded.body(request(top_n=2))


@pytest.mark.parametrize(
    ("image", "uri"),
    [
        (PICTURE, PICTURE),
        (ADDRESS, ADDRESS),
        ("/9j/4AAQSkZJRg==", "data:image/jpeg;base64,/9j/4AAQSkZJRg=="),
        ("_9j_4AAQSkZJRg==\n", "data:image/jpeg;base64,/9j/4AAQSkZJRg=="),
        ("R0lGODlhAQABAAAAACw=", "data:image/gif;base64,R0lGODlhAQABAAAAACw="),
        ("UklGRhIAAABXRUJQ", "data:image/webp;base64,UklGRhIAAABXRUJQ"),
        ("AAAA", "data:image/png;base64,AAAA"),
    ],
)
def test_base64_becomes_a_data_uri(image: str, uri: str) -> None:
    """
    The type is read off the first bytes, and either alphabet of base64 will do.
    """
    assert as_data_uri(image) == uri
