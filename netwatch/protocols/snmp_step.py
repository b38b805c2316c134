"""What follows from an answer: the word between what is asked (walks, gets) and who asks it (the engine)."""

from __future__ import annotations

import enum


class Step(enum.Enum):
    """What a question makes of an answer."""

    MORE = enum.auto()  # ask on
    DONE = enum.auto()  # all there is was had
    TOO_BIG = enum.auto()  # the agent wants to be asked for less
    MALFORMED = enum.auto()  # the answer could not be read, or leads nowhere; less may help
    REFUSED = enum.auto()  # the agent says that we may not
    FAILED = enum.auto()  # the agent says that it cannot
