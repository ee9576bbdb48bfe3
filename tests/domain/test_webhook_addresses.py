"""Where webhooks may go to, by what an address looks like."""

from __future__ import annotations

import pytest

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.webhooks.addresses import is_public, must_be_reachable

# fmt: off
INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9", "169.254.169.254",
    "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::",
    "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fe80::1%eth0", "2600::1%1", "fec0::1", "ff02::1",
]
# fmt: on
OUTSIDE = ["1.1.1.1", "8.8.8.8", "52.94.236.248", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_inner_address_is_not_public(address: str) -> None:
    """
    Private, shared, link-local, loopback, multicast, reserved, or IPv4 in whatever clothes.
    """
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    """
    Of IPv4 and of IPv6.
    """
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(f"https://[{address}]/" if ":" in address else f"https://{address}/" for address in INSIDE),
        "http://receiver.example/",
        "ftp://receiver.example/",
        "receiver.example/hooks",
        "https://",
        "https:///hooks",
        "https://user@receiver.example/",
        "https://user:secret@receiver.example/",
        "https://receiver.example@127.0.0.1/",
        "https://receiver.example\\@127.0.0.1/",
        "https://receiver.example/#here",
        "https://receiver.example:22/",
        "https://receiver.example:80/",
        "https://receiver.example:0/",
        "https://receiver.example:99999/",
        "https://receiver.example:port/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://10.0.0.1.5/",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://a.localhost/",
        "https://printer.local/",
        "https://ip-10-0-0-1.ec2.internal/",
        "https://intranet/",
        "https://receiver.example./",
        "https://receiver..example/",
        "https://bücher.example/",
        "https://receiver.example/a b",
        "https://receiver.example/\n",
        "https://receiver.example/\x00",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
    ],
)
def test_what_leads_inside_is_refused(url: str) -> None:
    """
    As far as the eye can see, and with the name of the field.
    """
    with pytest.raises(InvalidRequest) as refused:
        must_be_reachable(url)

    assert refused.value.param == "url"


@pytest.mark.parametrize(
    "url",
    [
        "https://receiver.example",
        "https://receiver.example/hooks?tenant=7",
        "https://receiver.example:8443/hooks",
        "HTTPS://Receiver.Example/Hooks",
        "https://hooks.xn--bcher-kva.example/%C3%BC",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]:443/",
    ],
)
def test_what_leads_outside_is_taken(url: str) -> None:
    """
    A host by its name or by its number.
    """
    must_be_reachable(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/hooks", "http://localhost/", "https://[::1]:8443/"])
def test_one_machine_may_talk_to_itself(url: str) -> None:
    """
    Where the gateway runs on it, and nowhere else; other machines are as far away as ever.
    """
    must_be_reachable(url, loopback=True)
    with pytest.raises(InvalidRequest):
        must_be_reachable(url)
    with pytest.raises(InvalidRequest):
        must_be_reachable("http://10.0.0.1/", loopback=True)
