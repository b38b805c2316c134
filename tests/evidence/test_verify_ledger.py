"""The program that shares no code with netwatch: no false alarm, and anchors show it what no chain can."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings, strategies as st
from private import lived_privately, lived_shortly
from verifiers import INDEPENDENT, changing, ours, places, rewrite, theirs

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    lived_shortly(folder)
    return folder / "ledger.db"


@pytest.fixture
def ledger(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "ledger.db"))


def test_it_is_short_and_needs_nothing_but_python() -> None:
    """`theirs` runs it without the folder of packages (-S) and without ours (-I)."""
    source = INDEPENDENT.read_text("utf-8")
    assert len(source.splitlines()) < 200
    assert "import netwatch" not in source
    assert "from netwatch" not in source


@pytest.mark.parametrize("seed", range(3))
def test_it_raises_no_false_alarm(tmp_path: Path, seed: int) -> None:
    """Outages, blind paths, late replies, a kill, and a device that gets another address."""
    lived_privately(tmp_path, seed)
    assert theirs(tmp_path / "ledger.db")[0] == 0


def test_it_reads_a_ledger_of_an_older_netwatch(ledger: Path) -> None:
    with changing(ledger) as database:
        database.execute("DROP TABLE withheld")
        database.execute("UPDATE meta SET value = '1'")
    status, told = theirs(ledger)
    assert (status, "0 with details, 7 without theirs" in told) == (0, True)


def test_it_verifies_one_chain_alone(ledger: Path) -> None:
    with changing(ledger) as database:
        database.execute("INSERT INTO entries VALUES ('other', 1, 1, 'stopped', x'7b7d', x'00')")
    assert theirs(ledger)[0] == 1
    assert theirs(ledger, "--poller", "other")[0] == 1
    status, told = theirs(ledger, "--poller", "test")
    assert (status, told.count("intact")) == (0, 1)


def module() -> Any:
    spec = importlib.util.spec_from_file_location("verify_ledger", INDEPENDENT)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


VERIFIER = module()

VECTORS = [  # RFC 8032, section 7.1: tests 1, 2 and 3
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_signatures_of_the_standard(key: str, message: str, signature: str) -> None:
    assert VERIFIER.is_signed(*map(bytes.fromhex, (message, signature, key)))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.data())
@settings(deadline=None, max_examples=20)
def test_a_signature_is_that_of_its_bytes_and_key_alone(
    seed: bytes, message: bytes, data: st.DataObject
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    right = [message, key.sign(message), key.public_key().public_bytes_raw()]
    assert VERIFIER.is_signed(*right)
    place = data.draw(st.sampled_from([0, 1, 2] if message else [1, 2]))
    bit = data.draw(st.integers(0, 8 * len(right[place]) - 1))
    right[place] = (int.from_bytes(right[place]) ^ 1 << bit).to_bytes(len(right[place]))
    try:
        assert not VERIFIER.is_signed(*right)
    except ValueError as error:
        assert str(error) == "no point of Ed25519"  # noqa: PT017 - either is a refusal


def test_a_number_of_a_signature_has_one_form() -> None:
    """The order added to it would verify as well (RFC 8032, 5.1.7): then one signature had two forms."""
    key, message, signature = map(bytes.fromhex, VECTORS[2])
    number = int.from_bytes(signature[32:], "little") + VERIFIER.ORDER
    assert not VERIFIER.is_signed(message, signature[:32] + number.to_bytes(32, "little"), key)


class Anchors:
    """Daily heads in a folder, as `docs/anchors.md` has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._key = Ed25519PrivateKey.from_private_bytes(b"a key of the tests and of no use".ljust(32))
        self.key = base64.b64encode(self._key.public_key().public_bytes_raw()).decode()
        self._previous = ""

    def add(self, date: str, ledger: Path, seq: int) -> None:
        with changing(ledger) as database:
            (found,) = database.execute("SELECT hash FROM entries WHERE seq = ?", (seq,)).fetchone()
        head = {
            "chains": [{"hash": found.hex(), "poller": "test", "seq": seq}],
            "date": date,
            "format": 1,
            "made": 1_700_000_000_000_000,
            "previous": self._previous,
        }
        data = json.dumps(head, sort_keys=True, separators=(",", ":")).encode()
        self._previous = hashlib.sha256(data).hexdigest()
        (self.folder / f"{date}.json").write_bytes(data)
        signed = {"key": self.key, "signature": base64.b64encode(self._key.sign(data)).decode()}
        (self.folder / f"{date}.sig").write_text(json.dumps(signed), "utf-8")


@pytest.fixture
def anchors(ledger: Path, tmp_path: Path) -> Anchors:
    anchors = Anchors(tmp_path / "anchors")
    anchors.add("2023-11-14", ledger, 50)
    anchors.add("2023-11-15", ledger, places(ledger)["stopped"])
    return anchors


def test_what_was_anchored_is_there(ledger: Path, anchors: Anchors) -> None:
    status, told = theirs(ledger, "--anchors", str(anchors.folder), "--key", anchors.key)
    assert status == 0
    assert f"2023-11-14: signed by {anchors.key}" in told
    assert "openssl ts -verify" in told


def test_an_end_that_was_cut_off_is_found_by_its_anchor(
    ledger: Path, anchors: Anchors, capsys: pytest.CaptureFixture[str]
) -> None:
    last = places(ledger)["stopped"]
    with changing(ledger) as database:
        database.execute("DELETE FROM entries WHERE seq > ?", (last - 3,))
    assert (ours(ledger, capsys)[0], theirs(ledger)[0]) == (0, 0), "nothing shows it but an anchor"
    status, told = theirs(ledger, "--anchors", str(anchors.folder))
    assert (status, f"entry {last} of poller test is cut off: it was anchored on 2023-11-15" in told) == (
        1,
        True,
    )


def test_a_chain_that_was_written_anew_is_found_by_its_anchor(
    ledger: Path, anchors: Anchors, capsys: pytest.CaptureFixture[str]
) -> None:
    def changed(seq: int, kind: str, body: bytes) -> bytes:
        return body.replace(b'"lines":5', b'"lines":6') if kind == "heartbeat" and seq < 50 else body

    rewrite(ledger, changed)
    assert (ours(ledger, capsys)[0], theirs(ledger)[0]) == (0, 0), "nothing shows it but an anchor"
    status, told = theirs(ledger, "--anchors", str(anchors.folder))
    assert (status, "entry 50 of poller test" in told, "anchor" in told) == (1, True, True)


def another_key(anchors: Anchors) -> list[str]:
    return ["--key", base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()]


def another_head(anchors: Anchors) -> list[str]:
    file = anchors.folder / "2023-11-14.json"
    file.write_bytes(file.read_bytes().replace(b'"seq":50', b'"seq":49'))
    return []


def another_signature(anchors: Anchors) -> list[str]:
    file = anchors.folder / "2023-11-14.sig"
    file.write_bytes((anchors.folder / "2023-11-15.sig").read_bytes())
    return []


def another_date(anchors: Anchors) -> list[str]:
    for file in anchors.folder.glob("2023-11-16.*"):
        file.rename(anchors.folder / f"2023-11-17{file.suffix}")
    return []


def a_head_left_out(anchors: Anchors) -> list[str]:
    for file in anchors.folder.glob("2023-11-15.*"):
        file.unlink()
    return []


def no_signature(anchors: Anchors) -> list[str]:
    (anchors.folder / "2023-11-14.sig").unlink()
    return []


@pytest.mark.parametrize(
    "change", [another_key, another_head, another_signature, another_date, a_head_left_out, no_signature]
)
def test_an_anchor_that_was_changed_is_refused(
    ledger: Path, anchors: Anchors, change: Callable[[Anchors], list[str]]
) -> None:
    anchors.add("2023-11-16", ledger, 60)
    options = change(anchors)
    status, told = theirs(ledger, "--anchors", str(anchors.folder), *options)
    assert (status, str(anchors.folder) in told) == (1, True)
