"""Rule books: electoral laws as dated, cited data. Knows nothing of votes."""

from sailau.law.amend import amend, diff, entries
from sailau.law.book import Book, books, load
from sailau.law.faults import BadInput, Fault
from sailau.law.finding import Finding
from sailau.law.schema import Law

__all__ = ["BadInput", "Book", "Fault", "Finding", "Law", "amend", "books", "diff", "entries", "load"]
