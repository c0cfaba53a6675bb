"""Elections: the case folder read and written. Knows nothing of how seats are filled."""

from sailau.election.case import open_case, open_day
from sailau.election.files import shipped
from sailau.election.model import Election
from sailau.election.writing import save_case

__all__ = ["Election", "open_case", "open_day", "save_case", "shipped"]
