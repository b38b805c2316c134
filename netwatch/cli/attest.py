"""`netwatch attest`: what a person signs for at one unit, on paper or with a key."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netwatch.cli.archive import hand_in
from netwatch.cli.control import OrderFailed, add_state, ask, by_the_clock
from netwatch.cli.receipt import told
from netwatch.cli.table import print_table
from netwatch.inventory.wording import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    Action = Callable[[argparse.Namespace, str], None]

HELP = "Attests that a criterion is shown, or contradicted, at a unit; lists and withdraws attestations."
EXAMPLE = (
    "netwatch attest 12004 --criterion fibre --kind inspection --date 2026-11-20 "
    '--by "Nguyễn Văn An, Sở KH&CN" --document bien-ban.pdf\n'
    "  netwatch attest statement 12004 … > statement.txt        what is signed: the same options\n"
    "  netwatch attest 12004 … --signature statement.txt.sig    with its signature\n"
    "  netwatch attest show A-2026-0001                          what was signed; signature: by which\n"
    '  netwatch attest withdraw A-2026-0001 --by "…" --text "sai đơn vị"\n'
    "  netwatch attest list --json"
)

USAGE = "UNIT, 'statement UNIT', 'show NAME', 'signature NAME', 'withdraw NAME' or 'list'"
SHOWN = ("STATE", "NAME", "UNIT", "CRITERION", "FINDING", "KIND", "DATE", "SIGNED", "BY", "TEXT")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="UNIT",
        help=f"code or name of the unit; all there is: {USAGE}",
    )
    parser.add_argument("--criterion", metavar="NAME", help="fibre, internet, lan, identified or declared")
    parser.add_argument("--kind", metavar="KIND", help="inspection, or acceptance: the carrier's record")
    parser.add_argument("--date", metavar="DATE", help="of what the paper says, such as 2026-11-20")
    parser.add_argument("--by", metavar="NAME", help="who looked, accepted or withdraws: person and office")
    parser.add_argument("--contradicts", action="store_true", help="the criterion is not met")
    parser.add_argument("--predecessor", default="", metavar="CODE", help="the older unit that it is about")
    parser.add_argument("--register", default="", metavar="NAME", help="default: of administrative units")
    parser.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="FILE",
        help="a signed paper, or the SHA-256 of one that is archived; may be repeated",
    )
    parser.add_argument("--signature", metavar="FILE.sig", help="of the statement, by ssh-keygen -Y sign")
    parser.add_argument("--text", default="", metavar="TEXT", help="what else is to be said")
    parser.add_argument("--json", action="store_true", help="of 'list': for programs")
    add_state(parser)
    parser.set_defaults(refuse=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Give the order and print what came of it; 1 where it was refused."""
    action, subject = _action(arguments)
    try:
        action(arguments, subject)
    except OrderFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _action(arguments: argparse.Namespace) -> tuple[Action, str]:
    """Return what the words ask for, and of what; ends the program where they ask for nothing."""
    name = arguments.words[0] if arguments.words[0] in ACTIONS else ""
    subjects = arguments.words[1:] if name else arguments.words
    action, needed = ACTIONS[name]
    if len(subjects) != (0 if name == "list" else 1):
        arguments.refuse(f"write {USAGE}; quote what has spaces")
    missing = [f"--{key}" for key in needed if not getattr(arguments, key)]
    if missing:
        arguments.refuse(f"the following arguments are required: {', '.join(missing)}")
    return action, "".join(subjects)


def _order(arguments: argparse.Namespace, unit: str, digests: list[str]) -> dict[str, object]:
    keys = ("criterion", "kind", "date", "by", "contradicts", "predecessor", "register", "text")
    return {"unit": unit, "documents": digests, **{key: getattr(arguments, key) for key in keys}}


def _stated(arguments: argparse.Namespace, unit: str) -> str:
    digests = [is_digest(each) or _hashed(each) for each in arguments.document]
    answer = ask(arguments.state, {"order": "attest statement", **_order(arguments, unit, digests)})
    return str(answer["statement"])


def _statement(arguments: argparse.Namespace, unit: str) -> None:
    _write(_stated(arguments, unit))


def _show(arguments: argparse.Namespace, name: str) -> None:
    _write(ask(arguments.state, {"order": "attest show", "name": name})["statement"])


def _show_signature(arguments: argparse.Namespace, name: str) -> None:
    signature = ask(arguments.state, {"order": "attest show", "name": name})["signature"]
    if not signature:
        raise OrderFailed(f"{name} was signed on paper: 'netwatch attest list --json' names the document")
    _write(signature)


def _write(text: str) -> None:
    """Print what is signed, or a signature: bytes, and UTF-8 whatever the terminal speaks."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _attest(arguments: argparse.Namespace, unit: str) -> None:
    signature = _signature(arguments.signature) if arguments.signature else ""
    _stated(arguments, unit)  # what is refused is refused before anything is archived
    order = _order(arguments, unit, archived(arguments.document, arguments))
    answer = ask(arguments.state, {"order": "attest", **order, "signature": signature})
    signed = f"khóa của / key of {answer['signer']}" if answer["signer"] else "trên giấy / on paper"
    print(answer["statement"])
    rows = (("xác nhận / attested", answer["name"]), ("ký / signed", signed))
    print(told((*rows, _entered(answer)), answer["receipt"]), end="")


def _withdraw(arguments: argparse.Namespace, name: str) -> None:
    order: dict[str, object] = {"name": name, "by": arguments.by, "text": arguments.text}
    answer = ask(arguments.state, {"order": "attest withdraw", **order})
    print(told((("rút lại / withdrawn", answer["name"]), _entered(answer)), answer["receipt"]), end="")


def _entered(answer: dict[str, Any]) -> tuple[str, str]:
    return "lúc / entered", by_the_clock(answer["receipt"]["at"])


def _list(arguments: argparse.Namespace, _subject: str) -> None:
    answer = ask(arguments.state, {"order": "attest list"})
    rows = answer["attestations"]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        print_table([SHOWN, *map(_row, rows)])
    else:
        print("nothing is attested")
    if answer["left_out"]:
        print(f"{counted(answer['left_out'], 'further attestation')} left out", file=sys.stderr)


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    unit = f"{row['unit']} {row['unit_name']}".strip()
    older = f" ({row['predecessor']})" if row["predecessor"] else ""
    keys = ("criterion", "finding", "kind", "date")
    signed = row["signer"] or "paper"
    return (
        row["state"],
        row["name"],
        unit + older,
        *(row[key] for key in keys),
        signed,
        row["by"],
        row["text"],
    )


def archived(given: list[str], arguments: argparse.Namespace) -> list[str]:
    """Return the hashes of documents that were given; files are archived. Raises OrderFailed."""
    return [
        is_digest(each) or hand_in(arguments.state, Path(each), Path(each).name, arguments.by)["sha256"]
        for each in given
    ]


def is_digest(given: str) -> str:
    """Return what was given where it is a SHA-256 and no file, else ""."""
    return given if re.fullmatch(r"[0-9a-f]{64}", given) and not Path(given).exists() else ""


def _hashed(given: str) -> str:
    from netwatch.evidence import documents

    try:
        return documents.hashed(Path(given)).sha256
    except documents.DocumentRefused as refused:
        raise OrderFailed(str(refused)) from None


def _signature(path: str) -> str:
    from netwatch.protocols.sshsig import BEGIN, LARGEST

    try:
        with Path(path).open("rb") as file:
            text = file.read(LARGEST + 1)
    except OSError as error:
        raise OrderFailed(f"{path}: {error.strerror or error}") from None
    if not text.startswith(BEGIN.encode()):
        raise OrderFailed(f"{path}: no signature of ssh-keygen: it begins with {BEGIN}")
    return text.decode("utf-8", "replace")


ATTESTING = ("criterion", "kind", "date", "by")

ACTIONS: dict[str, tuple[Action, tuple[str, ...]]] = {
    "": (_attest, ATTESTING),
    "statement": (_statement, ATTESTING),
    "show": (_show, ()),
    "signature": (_show_signature, ()),
    "withdraw": (_withdraw, ("by", "text")),
    "list": (_list, ()),
}
"""By their word: what is done, and the options that it needs."""
