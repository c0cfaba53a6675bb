"""Elections: the case folder read and written. Knows nothing of how seats are filled."""

from typing import TYPE_CHECKING, Any

from sailau.election.case import open_case, open_day
from sailau.election.files import shipped
from sailau.election.model import Election

if TYPE_CHECKING:
    from sailau.election.writing import save_case

__all__ = ["Election", "open_case", "open_day", "save_case", "shipped"]


def __getattr__(name: str) -> Any:
    """Load what writes cases when somebody asks for it: who only reads one does without."""
    if name != "save_case":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sailau.election.writing import save_case

    return save_case
