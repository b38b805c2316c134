"""What single files cannot show: names and addresses that stand twice, references to nothing, circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.assembly import AUTO
from netwatch.inventory.credentials import NONE
from netwatch.inventory.wording import counted, quote
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from netwatch.inventory.assembly import Draft
    from netwatch.inventory.document import Scalar
    from netwatch.inventory.names import Names
    from netwatch.inventory.problem import Remarks
    from netwatch.inventory.settings import SettingsFile
    from netwatch.inventory.sites import Shared
    from netwatch.model.device import Device


class References:
    """The names that devices refer to."""

    def __init__(self, paths: Names, credentials: Names, profiles: Names) -> None:
        self._paths = paths
        self._credentials = credentials
        self._profiles = profiles

    def check(self, shared: Shared, remarks: Remarks) -> None:
        """Remark what a device, or a file's defaults, name in vain."""
        if shared.via is not None:
            self._paths.knows(shared.via, remarks)
        if shared.snmp is not None and shared.snmp.text != NONE:
            self._credentials.knows(shared.snmp, remarks)
        if shared.profile is not None and shared.profile.text != AUTO:
            self._profiles.knows(shared.profile, remarks)


def check_names(drafts: Iterable[Draft]) -> None:
    """Remark device names that stand twice."""
    first: dict[str, str] = {}
    for draft in drafts:
        name = draft.name
        if name is None:
            continue
        here = draft.remarks.where(name)
        where = first.setdefault(name.text, here)
        if where is not here:
            draft.remarks.error(
                name, f"device {quote(name.text)} stands twice, first at {where}: names are unique"
            )


def check_addresses(drafts: Sequence[Draft]) -> None:
    """Remark addresses that stand twice on one path: their answers could not be told apart.

    Devices may share one with an `snmp_port` each; a line of its own needs an address of its own.
    """
    asked: dict[tuple[str, int, str], str] = {}
    echoed: dict[tuple[str, str], str] = {}
    for draft, device in _whole(drafts):
        where = f"device {quote(device.name)} at {draft.remarks.where(draft.entry.address)}"
        holder = asked.setdefault((device.via, device.snmp_port, device.address), where)
        echoed.setdefault((device.via, device.address), where)
        if holder is not where:
            message = f"address {device.address} is that of {holder} already, on the same path and port"
            draft.remarks.error(draft.entry.address, message)
    for draft, device in _whole(drafts):
        for uplink in draft.entry.uplinks:
            if uplink.address is not None:
                _check_uplink_address(uplink.address, draft, device, echoed)


def _whole(drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Device]]:
    return ((draft, draft.device) for draft in drafts if draft.device is not None)


def _check_uplink_address(
    address: Scalar, draft: Draft, device: Device, echoed: dict[tuple[str, str], str]
) -> None:
    if address.text == device.address:
        draft.remarks.error(address, "this is the device's own address, which is echoed anyway: delete it")
        return
    where = f"an uplink of {quote(device.name)} at {draft.remarks.where(address)}"
    holder = echoed.setdefault((device.via, address.text), where)
    if holder is not where:
        draft.remarks.error(address, f"address {address.text} is that of {holder} already, on the same path")


def check_parents(drafts: Sequence[Draft], devices: Names) -> None:
    """Remark parents that do not exist, and circles of parents, each once."""
    graph: dict[str, list[tuple[str, Scalar, Remarks]]] = {}
    for draft in drafts:
        known = [parent for parent in draft.entry.parents if devices.knows(parent, draft.remarks)]
        if draft.name is not None:
            graph.setdefault(draft.name.text, [(parent.text, parent, draft.remarks) for parent in known])
    done: set[str] = set()
    for start in graph:
        if start not in done:
            _walk(start, graph, done)


def _walk(start: str, graph: Mapping[str, list[tuple[str, Scalar, Remarks]]], done: set[str]) -> None:
    """Follow parents from one device, depth first without recursion, and remark each way back to itself."""
    way = {start: iter(graph[start])}
    while way:
        name = next(reversed(way))
        for parent, place, remarks in way[name]:
            if parent in way:
                names = list(way)
                circle = [*names[names.index(parent) :], parent]
                told = (
                    f"device {quote(parent)} is its own parent"
                    if len(circle) == 2
                    else f"parents run in a circle: {' → '.join(circle)}"
                )
                remarks.error(place, told + ": delete one")
            elif parent not in done and parent in graph:
                way[parent] = iter(graph[parent])
                break
        else:
            done.add(name)
            del way[name]


def check_paths(file: SettingsFile, remarks: Remarks, devices: Names, drafts: Iterable[Draft]) -> None:
    """Remark references of paths that are no reference devices, and quorums that can never be reached."""
    roles = {draft.device.name: draft.device.role for draft in drafts if draft.device is not None}
    for _, entry in file.paths:
        for reference in entry.references:
            role = roles.get(reference.text)
            if not devices.knows(reference, remarks) or role in {None, Role.REFERENCE}:
                continue
            remarks.error(
                reference,
                f"device {quote(reference.text)} has role {role}: a path's references have role reference",
            )
        count = len(entry.references)
        if entry.has("quorum") and entry.quorum > count:
            told = counted(count, "reference")
            remarks.error(entry.place("quorum"), f"quorum {entry.quorum} can never be reached with {told}")
