"""What the page says in words."""

from __future__ import annotations

from collections.abc import Mapping

INTRODUCTION = """<!-- Written by `make docs` from the catalogue in adapters/providers/. Change it there. -->

# Providers

The gateway knows COUNT kinds of rerankers besides [the built-in `local/bm25`](routing.md#the-built-in-localbm25).
A model is called `NAME/MODEL`, with a name from this page: `cohere/rerank-v3.5`. The models listed here are examples;
whatever the provider has can be asked.

- [Configure one](#configure-one)
- [How to read this page](#how-to-read-this-page)
- [Overview](#overview), which leads to each provider

## Configure one

Most need nothing but a key. It goes into the providers' secret under the provider's name, or into one of the
environment variables listed here, with commas between several:

```sh
KEYS=$(aws secretsmanager get-secret-value --secret-id PROVIDER_SECRETS_ARN --query SecretString --output text)
aws secretsmanager put-secret-value --secret-id PROVIDER_SECRETS_ARN \
  --secret-string "$(jq '. + {"cohere": "KEY"}' <<<"$KEYS")"
COHERE_API_KEY=KEY make run
```

What is put there replaces all that was: so take what the secret has, and add to it.

All else goes into [the gateway's configuration](configuration.md):

```toml
[providers.cloudflare]
account = "0a1b2c"                       # a setting that this provider has

[providers.cohere]
url = "https://proxy.internal/cohere"    # another address instead of the provider's own
max_parallel = 5                         # requests to it at a time, in each environment
max_documents = 200                      # in one request, instead of the limit given here
max_tokens_per_doc = 2000                # of each document, where a request does not say

[providers.small-gpu]                    # one more of a kind: called small-gpu/MODEL, its key SMALL_GPU_API_KEY
like = "vllm"
url = "https://small.internal:8000"
```

`url` is the server's root, or the whole address of its rerank route. A server of your own has to have one.

## How to read this page

- **Limits** are for one request. What is larger is split, sent side by side and merged; a model that compares the
  documents with each other refuses it instead.
- **Options** are the fields of a request that the provider is told of. `top_n` always works, and `max_tokens_per_doc`
  cuts texts inside the gateway where the provider has no word for it, or where the end is to be kept and the provider
  keeps beginnings only. A field of the request that a provider is not told of is named in `x-gateway-warnings`.
- **Scores** between 0 and 1 are the model's own. Logits can be any number; `"scores": "normalized"` brings them
  between 0 and 1. Where the model decides which of the two it gives, the numbers tell, or `scores` in the
  configuration.
- **Price** is what `usage.cost` is reckoned by; a search is a query with up to 100 documents, and a text with
  more than 500 tokens counts for several where Cohere's models are paid for by the search. Without a price there is no
  `usage.cost`, unless the provider tells it. Ask the vendor before you rely on one.
- **Source** says how we know the provider's API. No provider was called with a real key; each is tested against
  responses as that source has them (`tests/adapters/recorded`).
- `*` in a model's name stands for anything, `[Cc]` for one of the two."""

WAYS: Mapping[str, str] = {
    "aws": "AWS's signature with the function's own role",
    "google": "a service account's key as JSON, or the path of a file with it, exchanged for a token; or a token",
    "ibm": "an IBM Cloud API key, exchanged for a token; or a `ZenApiKey …` of Cloud Pak for Data",
    "oci": "an API signing key as JSON, with `tenancy`, `user`, `fingerprint` and `key_content`",
}
"""How those are let in who sign."""
