"""Images of documents, in the forms that models take them in."""

from __future__ import annotations

from typing import Any

from rerank_gateway.domain.errors import TargetRefused
from rerank_gateway.domain.request import RerankRequest

DATA_SCHEME = "data:"
TYPE_BY_PREFIX = {"/9j/": "jpeg", "iVBOR": "png", "R0lGOD": "gif", "UklGR": "webp"}
"""Image types by how their files begin in base64."""
URL_SAFE_TO_STANDARD = str.maketrans("-_", "+/")
"""From the URL-safe alphabet of base64 to the one in data: URIs (RFC 4648, sections 5 and 4)."""


def must_have_texts(request: RerankRequest) -> None:
    """For models that take no images. Raises TargetRefused when a document of *request* has nothing else."""
    if not all(request.texts[index] for index in request.images):
        raise TargetRefused("this model ranks no images, and a document has nothing else")


def inline(image: str) -> str:
    """
    *image*, which must be inline. Raises TargetRefused for an address: a server of the operator's own would fetch it
    from within their network, and nothing that a caller sends may make it do that.
    """
    if ":" in image and not image.startswith(DATA_SCHEME):
        raise TargetRefused("this provider takes images as data: URIs or base64, not by address")

    return image


def as_data_uri(image: str) -> str:
    """*image* as a data: URI where it is bare base64; an address stays what it is."""
    if ":" in image:
        return image
    content = image.strip().translate(URL_SAFE_TO_STANDARD)
    # Servers look at the content; some check that there is a type.
    kind = next((kind for start, kind in TYPE_BY_PREFIX.items() if content.startswith(start)), "png")

    return f"{DATA_SCHEME}image/{kind};base64,{content}"


def text_and_image(text: str, image: str) -> dict[str, Any]:
    """A document as an object with an `image` and, if it has any, its `text`."""
    return {**({"text": text} if text else {}), "image": as_data_uri(image)}


def text_and_inline_image(text: str, image: str) -> dict[str, Any]:
    """The same for servers that are not to fetch anything. Raises TargetRefused for an address."""
    return text_and_image(text, inline(image))


def content_parts(text: str, image: str) -> list[dict[str, Any]]:
    """
    A document in the content parts of OpenAI's chat API, as servers of one's own have taken them over. Raises
    TargetRefused for an address.
    """
    picture = {"type": "image_url", "image_url": {"url": as_data_uri(inline(image))}}

    return [*([{"type": "text", "text": text}] if text else []), picture]
