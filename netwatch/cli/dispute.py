"""`netwatch dispute`: a unit's people object to its verdict; the answer; whether a receipt holds."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netwatch.cli.attest import archived
from netwatch.cli.control import OrderFailed, add_state, ask, by_the_clock
from netwatch.cli.receipt import told
from netwatch.cli.table import print_table
from netwatch.cli.verify import address
from netwatch.inventory.wording import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

HELP = "Opens a dispute of a unit's verdict, answers and lists disputes, checks a receipt against a ledger."
EXAMPLE = (
    'netwatch dispute open fibre-reaches-communes 12004 --by "UBND xã Như Quỳnh" '
    '--text "xã đã có cáp quang từ 2016" --receipt bien-nhan.txt'
)

SHOWN = ("STATE", "NAME", "CLAIM", "UNIT", "UNTIL", "BY", "TEXT", "ANSWER")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    opening = actions.add_parser("open", help="object to a unit's verdict, which is undetermined until then")
    opening.add_argument("claim", metavar="CLAIM", help="name of the claim")
    opening.add_argument("unit", metavar="UNIT", help="code or name of the unit, as the claim counts it")
    opening.add_argument("--days", type=float, default=14, metavar="N", help="to answer it; default: 14")
    opening.add_argument("--receipt", metavar="FILE", help="also write the receipt there")
    answering = actions.add_parser("answer", help="answer a dispute, which closes it")
    answering.add_argument("name", metavar="NAME", help="as 'list' shows it")
    how = answering.add_mutually_exclusive_group(required=True)
    how.add_argument("--upheld", action="store_true", help="the unit's people are right")
    how.add_argument("--rejected", action="store_true", help="the verdict stands")
    for action in (opening, answering):
        action.add_argument("--by", required=True, metavar="NAME", help="who says it: person and office")
        action.add_argument("--text", required=True, metavar="TEXT", help="what is said")
        action.add_argument(
            "--document",
            action="append",
            default=[],
            metavar="FILE",
            help="to go with it, or the SHA-256 of one that is archived; may be repeated",
        )
    listing = actions.add_parser("list", help="all disputes, those that are open first")
    listing.add_argument("--json", action="store_true", help="for programs")
    for action in (opening, answering, listing):
        add_state(action)
    checking = actions.add_parser("check", help="tell whether a ledger still has the entry of a receipt")
    checking.add_argument("receipt", metavar="RECEIPT", help="a file that 'open --receipt' wrote")
    checking.add_argument(
        "ledger", metavar="LEDGER", help="a file, or an address such as postgresql+psycopg://…"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it and print what came of it; 1 where it was refused, or the receipt does not hold."""
    actions = {"open": _open, "answer": _answer, "list": _list, "check": _check}
    try:
        actions[arguments.action](arguments)
    except OrderFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _open(arguments: argparse.Namespace) -> None:
    with _fresh(arguments.receipt) as path:
        order: dict[str, object] = {
            "order": "dispute open",
            **{key: getattr(arguments, key) for key in ("claim", "unit", "by", "text", "days")},
            "documents": archived(arguments.document, arguments),
        }
        answer = ask(arguments.state, order)
    text = told(_rows(answer), answer["receipt"])
    print(text, end="")
    if path is not None:
        try:
            path.write_text(text, "utf-8")
        except OSError as error:
            raise OrderFailed(f"{path}: {error.strerror or error}: keep what is printed instead") from None


def _rows(dispute: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    register = dispute["register"]
    return (
        ("khiếu nại / dispute", dispute["name"]),
        ("công bố / claim", dispute["claim"]),
        ("đơn vị / unit", f"{dispute['unit']} {dispute['unit_name']} ({register})"),
        ("kết luận / verdict", dispute["verdict"] or "chưa có / none yet"),
        ("người nộp / by", dispute["by"]),
        ("nội dung / text", dispute["text"]),
        *(("tài liệu / document", each) for each in dispute["exhibits"]),
        ("lúc / entered", by_the_clock(dispute["receipt"]["at"])),
        ("trả lời trước / until", by_the_clock(dispute["deadline"])),
    )


@contextlib.contextmanager
def _fresh(given: str | None) -> Iterator[Path | None]:
    """Make a new file before anything is ordered, and take it away again where that is refused."""
    if given is None:
        yield None
        return
    path = Path(given)
    try:
        path.touch(exist_ok=False)
    except OSError as error:
        raise OrderFailed(f"{path}: {error.strerror or error}: name a new file") from None
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _answer(arguments: argparse.Namespace) -> None:
    order: dict[str, object] = {
        "order": "dispute answer",
        **{key: getattr(arguments, key) for key in ("name", "by", "text", "upheld")},
        "documents": archived(arguments.document, arguments),
    }
    answer = ask(arguments.state, order)
    rows = (
        ("khiếu nại / dispute", answer["name"]),
        ("trả lời / answer", "chấp nhận / upheld" if answer["upheld"] else "bác bỏ / rejected"),
        ("lúc / entered", by_the_clock(answer["receipt"]["at"])),
    )
    print(told(rows, answer["receipt"]), end="")
    if answer["upheld"]:
        print(
            "a verdict changes by what is measured or attested: attest it, or mend the configuration",
            file=sys.stderr,
        )


def _list(arguments: argparse.Namespace) -> None:
    answer = ask(arguments.state, {"order": "dispute list"})
    rows = answer["disputes"]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        print_table([SHOWN, *map(_row, rows)])
    else:
        print("nothing is disputed")
    if answer["left_out"]:
        print(f"{counted(answer['left_out'], 'further dispute')} left out", file=sys.stderr)


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    unit = f"{row['unit']} {row['unit_name']}".strip()
    answer = f"{row['answer']['by']}: {row['answer']['text']}" if row["answer"] else ""
    until = by_the_clock(row["deadline"])
    return (row["state"], row["name"], row["claim"], unit, until, row["by"], row["text"], answer)


def _check(arguments: argparse.Namespace) -> None:
    from netwatch.evidence.codec import BrokenBodyError
    from netwatch.evidence.place import LedgerError
    from netwatch.evidence.reading import content
    from netwatch.evidence.receipts import ReceiptRefused, find, parse
    from netwatch.evidence.store import Store, pollers

    url = address(arguments.ledger)
    try:
        receipt = parse(_read(arguments.receipt))
        entry = find(receipt, Store(url, receipt.poller) if receipt.poller in pollers(url) else None)
        said = content(entry)
    except (ReceiptRefused, LedgerError, BrokenBodyError) as error:
        raise OrderFailed(str(error)) from None
    name = getattr(said, "name", "")
    print(f"entry {entry.seq} of poller {entry.poller} is as the receipt says: {entry.kind} {name}".rstrip())
    print("'netwatch verify' recomputes the whole chain")


def _read(path: str) -> str:
    from netwatch.evidence.receipts import LARGEST

    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST).decode("utf-8", "replace")
    except OSError as error:
        raise OrderFailed(f"{path}: {error.strerror or error}") from None
