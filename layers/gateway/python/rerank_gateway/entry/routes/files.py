"""The routes that keep, show and remove files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rerank_gateway.apis import files as api
from rerank_gateway.domain.errors import InvalidRequest, TooLarge, UnknownFile
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.form import parse_form
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route, routes_of
from rerank_gateway.entry.routes.batch_query import parse_id, parse_part, parse_purpose

if TYPE_CHECKING:
    from rerank_gateway.entry.batch_services import FileServices

MAX_FORM_FILE_BYTES = 4 * 1024 * 1024
"""Of a file in a form: Lambda takes 6 MB, and gets it in base64."""
MAX_SHOWN_BYTES = 4 * 1024 * 1024
"""Of a file that is answered as it is: the same on the way back."""
DOWNLOAD_ADDRESS_TTL_S = 3600
AS_BYTES = {"content-type": "application/octet-stream"}
NOT_KEPT = {"cache-control": "no-store"}
"""For an answer with an address in it that lets in whoever has it."""


def file_routes(services: FileServices) -> dict[str, Route]:
    """Each by its name."""
    responders = {
        "POST /v1/files": store,
        "GET /v1/files": show_page,
        "GET /v1/files/{id}": show,
        "DELETE /v1/files/{id}": remove,
        "GET /v1/files/{id}/content": show_content,
        "POST /v1/uploads": begin_upload,
        "POST /v1/uploads/{id}/complete": complete_upload,
        "POST /v1/uploads/{id}/cancel": cancel_upload,
    }

    return routes_of(services, api, responders)


def store(services: FileServices, request: HttpRequest) -> HttpResponse:
    """A new file, from a form."""
    key = authenticated_key(services, request)
    form = parse_form(request.headers.get("content-type", ""), request.content())
    sent = form.get("file")
    if sent is None or sent.filename is None:
        raise InvalidRequest("file is required: a field of the form with a filename", param="file")
    if len(sent.content) > MAX_FORM_FILE_BYTES:
        raise TooLarge(
            f"a file of more than {MAX_FORM_FILE_BYTES} bytes is sent elsewhere: POST /v1/uploads says where",
            param="file",
        )
    fields = {name: part.content.decode("utf-8", "replace") for name, part in form.items() if part.filename is None}
    file = services.store_file(key.id, api.parse_fields(fields, sent.filename), sent.content)

    return HttpResponse(200, api.render_file(file))


def show_page(services: FileServices, request: HttpRequest) -> HttpResponse:
    """Some of the files, and whether there are more."""
    key = authenticated_key(services, request)
    files, more = services.read_files.page(key.id, parse_part(request), parse_purpose(request))

    return HttpResponse(200, api.render_files(files, more))


def show(services: FileServices, request: HttpRequest) -> HttpResponse:
    key = authenticated_key(services, request)

    return HttpResponse(200, api.render_file(services.read_files.one(_file_id(request), key.id)))


def remove(services: FileServices, request: HttpRequest) -> HttpResponse:
    key = authenticated_key(services, request)

    return HttpResponse(200, api.render_deletion(services.remove_file(_file_id(request), key.id)))


def show_content(services: FileServices, request: HttpRequest) -> HttpResponse:
    """The file's content, or the address where that is."""
    key = authenticated_key(services, request)
    file = services.read_files.one(_file_id(request), key.id)
    content = services.read_content(file, MAX_SHOWN_BYTES)
    if content is not None:
        return HttpResponse(200, content, AS_BYTES, binary=True)

    return HttpResponse(302, b"", {"location": services.read_content.address(file, DOWNLOAD_ADDRESS_TTL_S), **NOT_KEPT})


def begin_upload(services: FileServices, request: HttpRequest) -> HttpResponse:
    """Where a file is to be sent."""
    key = authenticated_key(services, request)
    file, address = services.upload_file.begin(key.id, *api.parse_upload(request.body()))

    return HttpResponse(200, api.render_upload(file, "pending", address), NOT_KEPT)


def complete_upload(services: FileServices, request: HttpRequest) -> HttpResponse:
    """The file that was sent there."""
    key = authenticated_key(services, request)
    file = services.upload_file.complete(_upload_id(request), key.id)

    return HttpResponse(200, api.render_upload(file, "completed"))


def cancel_upload(services: FileServices, request: HttpRequest) -> HttpResponse:
    key = authenticated_key(services, request)
    file = services.upload_file.cancel(_upload_id(request), key.id)

    return HttpResponse(200, api.render_upload(file, "cancelled"))


def _file_id(request: HttpRequest) -> str:
    return parse_id(request, UnknownFile("there is no such file"))


def _upload_id(request: HttpRequest) -> str:
    return parse_id(request, UnknownFile("there is no such upload"))
