import socket

from summit_cli.servers.ports import FIRST, LAST, LOOPBACK, accepts, free_port, is_free


def test_a_port_is_never_given_twice() -> None:
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == len(ports)
    assert all(FIRST <= port <= LAST for port in ports)


def test_a_port_that_somebody_listens_on_is_not_free_and_accepts() -> None:
    with socket.create_server((LOOPBACK, free_port())) as listener:
        port = listener.getsockname()[1]
        assert not is_free(port)
        assert accepts(port)
    assert is_free(port)
    assert not accepts(port)
