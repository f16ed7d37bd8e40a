"""The audit of pinned releases bites where it can ask, and says so where it cannot."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile

import pytest

from summit_cli.servers.ports import free_port
from summit_testkit import audit

LOCK = Path(__file__).parents[3] / "requirements.lock"
WHEEL = "quill-1.0-py3-none-any.whl"


@contextmanager
def answering(answers: dict[str, bytes]) -> Iterator[str]:
    """A server that answers each path with those bytes, whatever it is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            body = answers.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header(
                "content-type", "text/html" if self.path.endswith("/") else "application/octet-stream"
            )
            self.send_header("content-length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def advice(*known: list[str]) -> bytes:
    """What the advisory service answers: for each question the ids of what is known."""
    return json.dumps(
        {"results": [{"vulns": [{"id": one} for one in ids]} if ids else {} for ids in known]}
    ).encode()


@pytest.fixture
def wheel(tmp_path: Path) -> bytes:
    """A release that can be installed and does nothing."""
    file = tmp_path / WHEEL
    with ZipFile(file, "w") as archive:
        archive.writestr("quill.py", "")
        archive.writestr("quill-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: quill\nVersion: 1.0\n")
        archive.writestr(
            "quill-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("quill-1.0.dist-info/RECORD", "")
    return file.read_bytes()


@pytest.mark.parametrize(("mark", "found"), [(' data-yanked="It lost its ink."', 1), ("", 0)])
def test_a_release_that_its_authors_took_back_is_named(
    mark: str, found: int, wheel: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "small.lock"
    lock.write_text("quill==1.0\n", encoding="utf-8")
    page = f'<a href="/{WHEEL}"{mark}>{WHEEL}</a>'.encode()
    with answering({"/simple/quill/": page, f"/{WHEEL}": wheel}) as index:
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"{index}/simple")
        monkeypatch.setenv("UV_INDEX_URL", f"{index}/simple")
        monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
        said = audit.withdrawn(lock)
    assert len(said) == found
    assert all("quill==1.0 was withdrawn" in one and "It lost its ink." in one for one in said)


def test_what_is_known_against_a_release_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    releases = [("quill", "1.0"), ("ink", "2.0")]
    with answering({"/ask": advice([], ["GHSA-1", "GHSA-2"])}) as service:
        assert audit.weaknesses(releases, f"{service}/ask") == ["ink==2.0: GHSA-1", "ink==2.0: GHSA-2"]
        monkeypatch.setattr(audit, "DOES_NOT_CONCERN_US", {"GHSA-1": "Nobody writes with it."})
        assert audit.weaknesses(releases, f"{service}/ask") == ["ink==2.0: GHSA-2"]


@pytest.mark.parametrize(
    "body", [advice([]), b"{}", b"<html>", None], ids=["too few", "none", "no JSON", "gone"]
)
def test_half_an_answer_is_none(body: bytes | None) -> None:
    with answering({"/ask": body} if body else {}) as service, pytest.raises(audit.NobodyAnswers):
        audit.weaknesses([("quill", "1.0"), ("ink", "2.0")], f"{service}/ask")


def test_where_nobody_answers_that_is_said_and_nothing_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("UV_DEFAULT_INDEX", nowhere)
    monkeypatch.setenv("UV_INDEX_URL", nowhere)
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    lock = tmp_path / "small.lock"
    lock.write_text("quill==1.0\n", encoding="utf-8")
    faults, unknown = audit.audited(lock, nowhere)
    assert not faults
    assert [one.partition(":")[0] for one in unknown] == [
        "WITHDRAWN RELEASES WERE NOT LOOKED FOR",
        "KNOWN WEAKNESSES WERE NOT LOOKED FOR",
    ]


def test_every_pin_of_the_lock_file_is_asked_about() -> None:
    text = LOCK.read_text(encoding="utf-8")
    named = [
        line for line in text.splitlines() if line and not line[0].isspace() and not line.startswith("#")
    ]
    assert [f"{name}=={version}" for name, version in audit.pins(text)] == [
        line.split(" ")[0].split(";")[0] for line in named
    ]


@pytest.mark.parametrize(
    ("known", "code", "said"), [(["GHSA-1"], 1, "quill==1.0: GHSA-1"), ([], 0, "of none is a weakness known")]
)
def test_the_command_fails_where_something_is_wrong(
    known: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lock = tmp_path / "small.lock"
    lock.write_text("quill==1.0\n", encoding="utf-8")
    monkeypatch.setattr(audit, "withdrawn", lambda _: [])
    with answering({"/ask": advice(known)}) as service:
        assert audit.main(lock, f"{service}/ask") == code
    assert said in capsys.readouterr().out
