"""RSA keys as clouds hand them out, and what is signed with them: PKCS #1 v1.5 over SHA-256, which JWT calls RS256."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rerank_gateway.domain.errors import TargetNotConfigured, TargetRejectedKey

# cryptography takes long to load, and few providers want a signature.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

MAX_LOADED_KEYS = 16


# A private key takes much longer to read than to use.
@lru_cache(maxsize=MAX_LOADED_KEYS)
def load_private_key(pem: str, pass_phrase: str = "") -> RSAPrivateKey:
    """
    The RSA key in *pem*. Raises TargetRejectedKey, without a quote, or TargetNotConfigured where the stack has not got
    the layer that signs.
    """
    try:
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        message = "this gateway is deployed without RsaKeys, which its key for this provider needs"
        raise TargetNotConfigured(message, lacks="RsaKeys") from None
    try:
        key = load_pem_private_key(pem.encode(), pass_phrase.encode() or None)
    except (TypeError, ValueError):
        raise TargetRejectedKey("the private key for this provider cannot be read") from None
    if not isinstance(key, RSAPrivateKey):
        raise TargetRejectedKey("the private key for this provider is no RSA key")

    return key


def sign_sha256(key: RSAPrivateKey, message: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    return key.sign(message, PKCS1v15(), SHA256())
