"""What tells Vietnamese from English: a letter that English does not have."""

from __future__ import annotations

import re

LETTER = re.compile("[ăâđêôơưàáãèéìíòóõùúýĩũ\u1ea0-\u1ef9]", re.IGNORECASE)
