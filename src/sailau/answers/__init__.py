"""What every command answers in JSON, as typed models: they make the JSON, and the JSON Schema that is published.

A model names attributes of what it is made from, not where that comes from: rooms hand their results over. Keys are added
within a version of the schema and never renamed. Texts for people are in the language that was asked for.
"""

from sailau.answers.counting import CheckAnswer
from sailau.answers.mandates import MandatesAnswer, VacancyAnswer
from sailau.answers.model import AnswerTable, told
from sailau.answers.nomination import CommissionAnswer, ComplaintAnswer, LineAnswer, PaperAnswer, VoterTold
from sailau.answers.parliament import Analysis, BarrierAnswer, DecisionAnswer, Government, IndicesAnswer, ReformAnswer
from sailau.answers.published import ANSWERS, answers_schema
from sailau.answers.rulebook import Covered
from sailau.answers.simulation import WitnessAnswer

__all__ = [
    "ANSWERS",
    "Analysis",
    "AnswerTable",
    "BarrierAnswer",
    "CheckAnswer",
    "CommissionAnswer",
    "ComplaintAnswer",
    "Covered",
    "DecisionAnswer",
    "Government",
    "IndicesAnswer",
    "LineAnswer",
    "MandatesAnswer",
    "PaperAnswer",
    "ReformAnswer",
    "VacancyAnswer",
    "VoterTold",
    "WitnessAnswer",
    "answers_schema",
    "told",
]
