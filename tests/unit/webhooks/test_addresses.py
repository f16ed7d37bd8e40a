"""Nobody inside is ever posted to: the table of tricks, and what is allowed."""

import pytest

from summit_webhooks.domain.addresses import fault_of, is_outside


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",  # noqa: S104  # an address to be refused, nothing is bound
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",  # the metadata of a cloud
        "100.64.0.1",  # behind a carrier's translation
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:7f00:1::",
    ],
)
def test_an_address_inside_is_known_as_such(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "157.150.185.49", "2606:4700::1111", "2a00:1450:4001::5e"])
def test_an_address_on_the_internet_is_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://rooms.un.example/summit",
        "ftp://rooms.un.example/",
        "file:///etc/passwd",
        "gopher://rooms.un.example/",
        "//rooms.un.example/",
        "https://",
        "https:///summit",
        "https://user@rooms.un.example/",
        "https://user:secret@rooms.un.example/",
        "https://rooms.un.example@127.0.0.1/",
        "https://rooms.un.example/#part",
        "https://rooms.un.example:0/",
        "https://rooms.un.example:99999/",
        "https://rooms.un.example\\@127.0.0.1/",
        "https://rooms.un.example/a b",
        "https://rooms.un.example/\r\nx: y",
        "https://räume.un.example/",
        "https://[::1",
        "https://localhost/",
        "https://summit.localhost/",
        "https://nats/",
        "https://postgres.summit.svc.cluster.local/",
        "https://metadata.google.internal/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://rooms.un.example/" + "x" * 2000,
    ],
)
def test_such_an_address_cannot_be_registered(url: str) -> None:
    assert fault_of(url, internal=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://rooms.un.example/summit",
        "https://rooms.un.example:8443/summit?for=uncops",
        "https://157.150.185.49/hook",
        "https://xn--rume-gra.un.example/",
    ],
)
def test_an_address_outside_can_be_registered(url: str) -> None:
    assert fault_of(url, internal=False) is None


def test_inside_is_allowed_for_development_only() -> None:
    for url in ("http://127.0.0.1:9000/hook", "http://localhost/hook"):
        assert fault_of(url, internal=True) is None
        assert fault_of(url, internal=False)
    assert fault_of("ftp://127.0.0.1/", internal=True)
