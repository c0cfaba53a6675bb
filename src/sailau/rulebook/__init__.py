"""Rule books: electoral laws as dated, cited data. Knows nothing of votes."""

from sailau.rulebook.amend import amend, diff, entries
from sailau.rulebook.book import Book, books, load
from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.finding import Finding
from sailau.rulebook.schema import Law

__all__ = ["BadInput", "Book", "Fault", "Finding", "Law", "amend", "books", "diff", "entries", "load"]
