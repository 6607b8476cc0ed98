"""What a person takes out of their own data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """The rows of each section, in their order; `day` is the local day on which they were taken out."""

    day: str
    sections: Mapping[str, Sequence[Row]] = field(default_factory=dict)
