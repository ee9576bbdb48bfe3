"""Where a provider is and how one is let in, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from rerank_gateway.adapters.aws.partitions import AWS
from rerank_gateway.adapters.providers.auth import HeaderAuth, SignedAuth
from rerank_gateway.adapters.providers.description import Provider
from tools.providers_page.words import WAYS

PARTITIONS = "in China and AWS's other partitions under the domain there"


def address(provider: Provider) -> str:
    other = (f"for keys that begin with `{start}`: `{url}`" for start, url in provider.urls_by_key.items())
    own = f"`{provider.url}{provider.path}`" if provider.url else f"`url` of the configuration, then `{provider.path}`"
    told = (own.replace("{dns_suffix}", AWS.dns_suffix), PARTITIONS) if "{dns_suffix}" in own else (own,)

    return "; ".join((*told, *other))


def key_variables(provider: Provider) -> str:
    return " or ".join(f"`{variable}`" for variable in provider.key_variables)


def key(provider: Provider) -> str:
    if isinstance(provider.auth, SignedAuth):
        return _signed(provider, WAYS[provider.auth.by])
    sent = f"{key_variables(provider)}, sent as `{_header(provider.auth)}`"

    return sent if provider.needs_key else f"none, unless the server wants one: {sent}"


def _signed(provider: Provider, way: str) -> str:
    held = key_variables(provider)
    if provider.needs_key:
        return f"{held}: {way}"

    return f"{way}, or a key in {held}" if held else way


def _header(auth: HeaderAuth) -> str:
    return f"{auth.name.title()}: {f'{auth.scheme} KEY'.strip()}"


def settings(provider: Provider) -> str:
    return "; ".join(_settings(provider))


def _settings(provider: Provider) -> Iterator[str]:
    is_of_aws = isinstance(provider.auth, SignedAuth) and provider.auth.by == "aws"
    for name, value in provider.settings.items():
        if name == "region" and is_of_aws:
            yield "`region`: the gateway's own, unless given"
        elif value is None:
            yield f"`{name}` must be given"
        else:
            yield f"`{name}`: `{value}`, unless given" if value else f"`{name}` may be given"
