"""One device as its own agent sees it: since when it runs, its ports, its light, its battery.

The world changes these; the MIB reads them. Times are steady seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

DARK = -4000  # 0.01 dBm: what receivers tell of no light at all
FALSE_LIGHT = 6553  # 0.01 dBm: more than any laser sends
SENSITIVITY = -2800  # 0.01 dBm: below it the receiver loses the signal, and the port is down
LOW_ALARM = -2700  # 0.01 dBm: where the device raises an alarm
LOW_WARNING, HIGH_ALARM = -2500, -300  # 0.01 dBm


@dataclass(slots=True)
class PortState:
    """A port that is not as its model has it, or has changed since the device was booted."""

    up: bool
    changed: float
    idle: float = 0.0  # seconds that it was down before `changed`, since the boot

    def carried(self, now: float, booted: float) -> float:
        """Return for how many seconds since the boot it has carried traffic."""
        down = 0.0 if self.up else now - self.changed
        return max(now - booted - self.idle - down, 0.0)


@dataclass(slots=True)
class Light:
    """Light that arrives where a fibre ends. `rate` is in dB an hour; `false`: its port misreads it."""

    nominal: int  # 0.01 dBm
    dark: bool = False
    fading_since: float | None = None
    rate: float = 0.0
    false: bool = False

    def received(self, now: float) -> int:
        """Return what arrives, in 0.01 dBm."""
        if self.dark:
            return DARK
        lost = 0.0 if self.fading_since is None else (now - self.fading_since) * self.rate / 36
        return max(self.nominal - int(lost), DARK)

    def told(self, now: float) -> int:
        """Return what the port says that it receives, in 0.01 dBm."""
        return FALSE_LIGHT if self.false else self.received(now)

    def fails_at(self) -> float | None:
        """Return when the receiver loses the signal by fading; None where it does not."""
        if self.fading_since is None or not self.rate:
            return None
        return self.fading_since + (self.nominal - SENSITIVITY) * 36 / self.rate


@dataclass(slots=True)
class Ups:
    """Mains and battery of a UPS. `capacity` is in seconds of the load that it has."""

    capacity: float
    on_battery_since: float | None = None
    line_bads: int = 0

    def seconds_on_battery(self, now: float) -> int:
        """Return for how long it has run on battery, 0 on mains."""
        return 0 if self.on_battery_since is None else max(int(now - self.on_battery_since), 0)

    def charge(self, now: float) -> float:
        """Return the share of the battery that is left. A battery is taken to charge at once."""
        return max(1 - self.seconds_on_battery(now) / self.capacity, 0.0)


@dataclass(slots=True)
class Onu:
    """One ONT as its OLT has it."""

    name: str  # what its operator calls it
    light: Light  # that arrives there
    online: bool = True


@dataclass(slots=True)
class Machine:
    """One device: what is its own and not its model's."""

    name: str
    location: str
    booted: float
    share: float  # of the model's load that this device carries
    mac: bytes  # five octets; the ifIndex makes the sixth
    serial: str = ""
    ready: float = 0.0  # when its last boot was over, and its ports came up
    table_changed: float | None = None  # when ifTable's rows changed last; None: not since the boot
    ports: dict[str, PortState] = field(default_factory=dict)  # by ifName
    light: Light | None = None
    ups: Ups | None = None
    onus: tuple[Onu, ...] = ()  # of an OLT

    def boot(self, at: float, ready: float) -> None:
        """Begin to run at `at`, and be of use from `ready` on."""
        self.booted, self.ready = at, ready
        self.table_changed = None
        self.ports.clear()

    def set_port(self, name: str, at: float, *, up: bool) -> None:
        """Let a port that is up by itself go down or come up."""
        state = self.ports.get(name)
        if state is None:
            if up:
                return
            state = self.ports[name] = PortState(up=True, changed=self.ready)
        if state.up is not up:
            if up:
                state.idle += at - state.changed
            state.up, state.changed = up, at

    def port_up(self, name: str) -> bool:
        """Tell whether a port is up that is by itself."""
        state = self.ports.get(name)
        return state is None or state.up

    def ticks(self, at: float) -> int:
        """Return hundredths of a second from the boot to `at`, wrapped as sysUpTime wraps."""
        return max(int((at - self.booted) * 100), 0) % 2**32
