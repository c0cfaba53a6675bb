"""Faults and refusals in Kazakh and Russian: the few phrases in which rooms say what they found and what they expected.

Rooms below say a fault in English, as data of an exception: a phrase, with values in it. Here every phrase has its sentence
in the catalogue; values stay as they are, or are phrases themselves. A phrase that is not known stays English.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sailau.rulebook.faults import LINE_LENGTH, SHOWN, BadInput, Fault
from sailau.rulebook.marks import visible
from sailau.wording.language import Words, marked, words

PHRASES = (
    marked("--under LAW[@DAY] or --set PATH=VALUE"),
    marked("1 or 2"),
    marked("a .zip of the 64-bit form"),
    marked("a file (.parquet, .csv, .csv.gz, .xlsx) or postgresql://…#table, sqlite:///file#table"),
    marked("a folder returns.parquet, one part or more for each unit right below the whole"),
    marked("a NUL byte"),
    marked("a candidate of candidates.csv"),
    marked("a candidate of the case"),
    marked("a case folder or a sound .zip of one"),
    marked("a case with a list vote"),
    marked("a case with a vote for parties"),
    marked("a case with votes to start from"),
    marked("a colour such as #1f77b4"),
    marked("a contest of {a}: {b}"),
    marked("a date"),
    marked("a date such as 1990-05-17, or a year"),
    marked("a date such as 2023-03-19"),
    marked("a date such as 2023-03-19, without quotes"),
    marked("a date without quotes"),
    marked("a date without quotes, such as 2023-03-19"),
    marked("a date, or a time with its date"),
    marked("a date, or { opens = …, closes = …, source = … }"),
    marked("a day from {a}{b}: {c}"),
    marked("a day not after the vote, {a}"),
    marked("a day of the years {a} to {b}"),
    marked("a day of {a} elections"),
    marked("a day such as 2021-01-10 after the @"),
    marked("a day such as 2023-03-19"),
    marked("a day such as 2023-03-29, a month 2023-03, or a year 2023"),
    marked("a fact: {a}"),
    marked("a factor of at least 1"),
    marked("a fault of Sailau itself ({a})"),
    marked("a file of that name"),
    marked("a file that can be used"),
    marked("a file that can be written, in a folder that is there"),
    marked("a file that describes one person"),
    marked("a file that ends with .svg or .png"),
    marked("a file that ends with {a}"),
    marked("a file that grows while it is read"),
    marked("a folder that is not empty"),
    marked("a header without {a}"),
    marked("a known column, or a name with x_ in front"),
    marked("a law with seats by list"),
    marked('a list of folders, cases = ["…"]'),
    marked("a list of ids"),
    marked("a list of texts"),
    marked("a list of texts or of tables with title and url"),
    marked("a model, or parameters of one"),
    marked("a new folder"),
    marked("a new folder, seen by all machines"),
    marked("a new name, or another folder (--to)"),
    marked("a number"),
    marked("a number from 0 to {a}"),
    marked("a number from 0 to {a}, such as 54.3"),
    marked("a number from 1 to {a} (limit threads)"),
    marked("a number of elections from 1"),
    marked("a number of thousands of digits"),
    marked("a part twice"),
    marked("a party of parties.csv"),
    marked("a party of parties.csv, or independent"),
    marked("a path of its own"),
    marked("a path such as list.threshold.share"),
    marked("a path twice, or one that leads outside"),
    marked("a person of that list who has no seat"),
    marked("a person on that list"),
    marked("a person twice"),
    marked("a person who holds a seat"),
    marked("a pipe, socket or device"),
    marked("a plot of {a} sweeps"),
    marked("a polling day of several cases"),
    marked("a provision with parts"),
    marked("a readable file in UTF-8"),
    marked("a readable file, or one of {a}"),
    marked("a readable folder or .zip"),
    marked("a readable poll file (.csv)"),
    marked("a readable {a}"),
    marked("a rule book (.toml)"),
    marked("a rule book inside the case folder, such as ./law.toml"),
    marked("a second standing version"),
    marked("a socket or device"),
    marked("a source in a part"),
    marked("a symbolic link"),
    marked("a table [body] with the id of the law"),
    marked("a table or a query that the database can read"),
    marked("a table: party = value"),
    marked("a text file in UTF-8"),
    marked("a text such as list, in quotes"),
    marked('a title in en, kk or ru, title.en = "…"'),
    marked("a tree of units"),
    marked("a unit"),
    marked("a unit of this file, or empty"),
    marked("a unit of units.csv, or empty for the whole"),
    marked("a whole number from 0 to 2^63 − 1"),
    marked("a whole number from 0 to 2^63 − 1, digits only"),
    marked("a whole number from {a} to {b}, digits only"),
    marked("about {a} votes"),
    marked("agreement"),
    marked("all stations of a unit right below the whole in one part"),
    marked("an address such as sqlite:///file#table"),
    marked("an archive"),
    marked("an election that fills seats"),
    marked("an id such as xx/chamber: a-z, 0-9, single hyphens"),
    marked("an id: a-z, 0-9, single hyphens between"),
    marked("an ordinary .zip"),
    marked("another publication at work"),
    marked("at least one poll"),
    marked("at most 100 in one poll, and some above 0"),
    marked("at most {a} in all sweeps together (limit steps)"),
    marked("at most {a} {b} (limit {c})"),
    marked("bin/setup {a} to succeed"),
    marked("byte 0x{a}"),
    marked("columns {a}"),
    marked("days, above 0"),
    marked("districts that lie within each other"),
    marked("each candidate once"),
    marked("each column once"),
    marked("each file once, whatever its case"),
    marked("each folder once"),
    marked("each id once"),
    marked("each law once"),
    marked("each line once"),
    marked("each line once (first in line {a})"),
    marked("each once (first in line {a})"),
    marked("each option once in a poll"),
    marked("each part once"),
    marked("each party once; reserved names in no file"),
    marked("each path once"),
    marked("each person once"),
    marked("each position once: {a} has it"),
    marked("each unit once (first in line {a})"),
    marked("f or m"),
    marked("facts as TOML or JSON, in UTF-8"),
    marked("facts: name = value"),
    marked("how many respondents named a list"),
    marked("ids of former elections, with spaces between"),
    marked("it in {a} or the book itself"),
    marked("it installed: pip install {a}"),
    marked("kind or title"),
    marked("lists of the case: {a}"),
    marked("lot or authority"),
    marked("no file {a}"),
    marked("no list vote"),
    marked("no rules for observers"),
    marked("no other law"),
    marked("no poll and no prior"),
    marked("no row"),
    marked("no seats in this simulation"),
    marked("no such file"),
    marked("no such folder"),
    marked("no such thing: please report it"),
    marked("no table"),
    marked("no votes for lists"),
    marked("no votes in the case"),
    marked("no votes to show"),
    marked("no {a}"),
    marked("nobody: the law says who follows"),
    marked("nothing"),
    marked("nothing for {a}"),
    marked("nothing there"),
    marked("numbers below 2^63"),
    marked("of those among: {a}"),
    marked("one (the first in line {a})"),
    marked("one --vary, or seats=FILE"),
    marked("one at a time"),
    marked("one case: name a folder inside it"),
    marked("one of its parts: {a}"),
    marked("one of them"),
    marked("one of {a}"),
    marked("parameters beside a model"),
    marked("parties that have no votes in the case"),
    marked("polls, or prior above 0"),
    marked("proportional or uniform"),
    marked("returns.csv (it may hold just its header)"),
    marked("shares above 0 that leave something to the others"),
    marked("some of {a}"),
    marked("somebody who stood in round 1"),
    marked("something else"),
    marked("stations of {a} in several parts"),
    marked("sweep without --vary"),
    marked("TABLE=SOURCE, each table once"),
    marked("tables [[decision]]"),
    marked("tables [[{a}]]"),
    marked("tables such as [contest.question]"),
    marked("tables such as [sources.EL]"),
    marked("text in UTF-8"),
    marked("text in another encoding"),
    marked("damaged or cut short"),
    marked("no answer in time"),
    marked("text in UTF-8, in a spreadsheet: save as CSV UTF-8"),
    marked("a kind of paradox"),
    marked("a key of [sources] first, such as {a}"),
    marked("a key of [sources] first, one of {a}"),
    marked("name a fact of the table of facts"),
    marked("name at least one of {a}"),
    marked("a line of the form for {a}"),
    marked("a relation of the form for {a}"),
    marked("sums of lines that are no sums themselves"),
    marked("`silent` is for laws that leave the order to the party"),
    marked("`marks` and `move-up` are for laws with preference votes"),
    marked("`by-election` is for seats that voters fill anew"),
    marked("a decision of the chamber has a vote"),
    marked("a step from “0.01%” to “100%”"),
    marked("of-present needs area = district and counted = present"),
    marked("nothing to draw from"),
    marked("a claim that can be audited"),
    marked("a data frame, columns (name = values) or rows (name = value)"),
    marked("columns of {a} values"),
    marked("columns as long"),
    marked("the column {a}"),
    marked("a list, a candidate, an answer or a district"),
    marked("a district"),
    marked("a level of the units of this case"),
    marked("a part"),
    marked("a list of {a}"),
    marked("a region of the rule book"),
    marked("none: the rule book names no regions"),
    marked("a kind of list of this law"),
    marked("a party of the case"),
    marked("the table {a}"),
    marked("{a} of {b} stations"),
    marked("at least one and at most all"),
    marked("risk {a}"),
    marked("above 0 and below 1"),
    marked("fewer than two stations of a region"),
    marked("at least two, so that their spread is known"),
    marked("no figures below the whole"),
    marked("a case with stations that report"),
    marked("no single winner"),
    marked("one option with more votes than any other; a tie cannot be audited"),
    marked("no keys"),
    marked("the folder of keys that sailau log init made"),
    marked("no log"),
    marked("a folder that sailau log init made"),
    marked("no checkpoint"),
    marked("sailau log checkpoint first"),
    marked("no private key"),
    marked("a file of a private key"),
    marked("a log that is not good ({a})"),
    marked("one that sailau verify finds good"),
    marked("0 to {a}: what the checkpoint covers"),
    marked("no address of a witness"),
    marked("other figures"),
    marked("the column {a} twice"),
    marked("the day {a}"),
    marked("the id of a contest"),
    marked("the id of a law, such as xx/chamber, or ./law.toml"),
    marked("the member “{a}”"),
    marked("the member “{a}” beside “{b}”"),
    marked("the name of a file in the same folder"),
    marked("the official seats to check against"),
    marked("unknown column {a}"),
    marked("unknown contest “{a}”"),
    marked("unknown parameter"),
    marked("unknown party “{a}”"),
    marked("unknown unit “{a}”"),
    marked("valid JSON"),
    marked("version {a} again"),
    marked("well-formed CSV"),
    marked("{a} again"),
    marked("{a} bytes"),
    marked("{a} fields"),
    marked("{a} in the folder itself"),
    marked("{a} in {b} itself"),
    marked("{a} on a worker"),
    marked("{a} respondents that count"),
    marked("{a} together"),
    marked("{a} twice"),
    marked("{a} twice, {b} and {c}"),
    marked("{a} values"),
    marked("{a} with law, day and a title"),
    marked("{a} without parts"),
    marked("{a}, as in the header"),
    marked("{a}, as in the poll's first row"),
    marked("{a}, which holds something"),
    marked("{a}@DAY with the polling day, 2023-03-19"),
    marked("“{a}” again"),
    marked("“{a}” lies within itself"),
    marked("“{a}” twice"),
    marked("“{a}” without certificates"),
    marked("“{a}” without workers"),
    marked("“{a}”, as candidates.csv says of {b}"),
    marked("a day from {a} and before {b}: {c}"),
    marked("a case folder"),
    marked("a column of {a}"),
    marked("a column unit"),
    marked("a header with each column once"),
    marked("a level of units.csv: {a}"),
    marked("a second standing version of {a} in {b}"),
    marked("a share, such as invalid=3%"),
    marked("a table that can be read"),
    marked("each once"),
    marked("each table in one file"),
    marked("each unit once"),
    marked("from 1 to {a}"),
    marked("one"),
    marked("texts"),
    marked("the returns"),
    marked("the units in which the returns lie"),
    marked("whole numbers"),
    marked("{a} beside {b}"),
    marked("the name “{a}”"),
    marked("a name without spaces and without +"),
    marked("the columns {a}, and no others"),
    marked("a share such as 5%"),
    marked("a Parquet file"),
    marked("a case with returns.csv"),
    marked("a column twice in the header"),
    marked("a row of {a} with it in {b}"),
    marked("a sheet of a spreadsheet (.xlsx)"),
    marked("a unit of the case"),
    marked("a whole number up to 2^63 − 1"),
    marked("a {a} file in {b}"),
    marked("an entry of [maps.{a}]"),
    marked("another encoding"),
    marked("at least {a}"),
    marked("at most 2^63 − 1"),
    marked("plain XML without either"),
    marked("tables that only a database reads"),
    marked("the contest"),
    marked("the folder of the files that the mapping names"),
    marked("the law “{a}” on “{b}”"),
    marked("well-formed XML"),
    marked("{a} characters"),
    marked("No such file or directory"),
    marked("Permission denied"),
    marked("Is a directory"),
    marked("Not a directory"),
    marked("No space left on device"),
    marked("File exists"),
    marked("Read-only file system"),
    marked("a chamber whose law has [[power]]"),
    marked("a name and --unit"),
    marked("laws that fill seats with these votes"),
    marked("two elections of one body"),
    marked("two elections of one body; --same OLD=NEW for a list renamed"),
    marked("{a} changes"),
    marked("{a} rows, {b} columns"),
    marked("{a}, perhaps {b}"),
    marked("{a} or {b}"),
    marked("{a}; one of {b}"),
    marked("{a}; `{b}` lists all {c}"),
    marked("a shipped case, a folder or a .zip"),
    marked("the id of a law or the path of a .toml file"),
    marked("a provision of this law"),
    marked("a tier of this law"),
    marked("this key"),
    marked("a known key"),
    marked("a regular file"),
    marked("valid TOML"),
    marked("a share as text, such as “5%” or “7/10”"),
    marked("a whole number"),
    marked("HH:MM, each time of a station once"),
    marked("at most 100 per cent, such as “7%”"),
    marked("a valid integer, unable to parse string as an integer"),
    marked("a valid integer"),
    marked("a valid string"),
    marked("a valid boolean"),
    marked("a valid list"),
    marked("a valid date"),
    marked("greater than or equal to {a}"),
    marked("greater than {a}"),
    marked("less than or equal to {a}"),
    marked("give a title in en, kk and ru (missing: {a})"),
    marked("more than this machine's memory holds"),
    marked("a smaller input"),
    marked("parts within parts, too deep"),
    marked("an input that is not nested so deeply"),
    marked("a number that is too large"),
    marked("numbers below 2^63 and days before the year 9999"),
    marked("letters that are not UTF-8"),
    marked("a path that is not there yet, an empty folder, or a site that this command made"),
    marked("a case whose list vote has votes"),
    marked("parties of the case: {a}"),
    marked("PATH=FIRST..LAST:STEP or PATH=A,B,…, such as list.threshold.share=0%..10%:0.5%"),
    marked("a number from 0"),
    marked("a number from {a} to {b}"),
    marked("a number of elections from 1 to {a} (limit draws)"),
    marked("No such option: {a}"),
    marked("{a} (Possible options: {b})"),
    marked("{a} Did you mean {b}?"),
    marked("No such command {a}."),
    marked("Missing argument {a}."),
    marked("Missing option {a}."),
    marked("Missing command."),
    marked("Got unexpected extra argument ({a})"),
    marked("Got unexpected extra arguments ({a})"),
    marked("Option {a} requires an argument."),
    marked("Invalid value for {a}: {b}"),
    marked("{a} is not a valid integer."),
    marked("{a} is not one of {b}."),
    marked("{a} is not in the range {b}."),
    marked("{a} (see --help)"),
    marked("{a}: sound"),
    marked("{a}: found {b}; expected {c}"),
    marked("{a}: expected {b}"),
    marked("{a}, line {b}"),
    marked("… and {a} more"),
)
"""Phrases with places for values, `{a}`, `{b}`, `{c}`."""
_PLACE = re.compile(r"\\{([a-c])\\}")
_PLACES = ("a", "b", "c")
_DEPTH = 4


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what recognises each phrase, the longest first."""
    order = sorted(PHRASES, key=lambda phrase: -len(re.sub(r"\{.\}", "", phrase)))
    return tuple((re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(phrase)), re.DOTALL), phrase) for phrase in order)


def in_words(text: str, said: Words, depth: int = _DEPTH) -> str:
    """Return a phrase of a fault in a language; itself where nobody translated it.

    Args:
        text: what was found or expected, in English.
        said: the words of the language.
        depth: how many phrases may stand within each other.
    """
    if said.language == "en" or not depth:
        return text
    for pattern, phrase in _patterns():
        match = pattern.fullmatch(text)
        if match is not None:
            values = {name: in_words(value, said, depth - 1) for name, value in match.groupdict().items()}
            return said.say(phrase, **values)
    return text


def _short(text: str, room: int) -> str:
    flat = " ".join(visible(text).split())
    return flat if len(flat) <= room else flat[: max(0, room - 1)] + "…"


def say_fault(fault: Fault, language: str) -> str:
    """Return a fault as one line of at most 200 characters: where, what was found, what was expected."""
    if language == "en":
        return str(fault)
    said = words(language)
    place = _short(fault.place, 60)
    if fault.line:
        place = said.say("{a}, line {b}", a=place, b=str(fault.line))
    if fault.field:
        place += f", {_short(fault.field, 40)}"
    found, expected = _short(in_words(fault.found, said), 70), in_words(fault.expected, said)
    room = max(LINE_LENGTH - len(place) - len(found) - 30, 30)
    values = (
        {"a": place, "b": found, "c": _short(expected, room)} if found else {"a": place, "b": _short(expected, room)}
    )
    sentence = marked("{a}: found {b}; expected {c}") if found else marked("{a}: expected {b}")
    return _short(said.say(sentence, **values), LINE_LENGTH)


def fault_lines(refused: BadInput, language: str) -> list[str]:
    """Return the lines of a refusal: at most twenty faults, then how many more there are."""
    said = words(language)
    shown = [say_fault(fault, language) for fault in refused.faults[:SHOWN]]
    more = refused.count - len(shown)
    return [*shown, *([said.say("… and {a} more", a=said.number(more))] if more > 0 else [])]


def sound(name: str, language: str) -> str:
    """Say that a file has no fault."""
    return words(language).say("{a}: sound", a=name)


_NEXT = {
    "fill": marked("Next: fill in the files, then {first} and {second}"),
    "edit": marked("Next: edit it, then {first} and {second}"),
    "made": marked("Next: {first} and {second}"),
}


def next_step(what: str, language: str, *, first: str, second: str) -> str:
    """Say what follows when a command has written something to go on with.

    Args:
        what: `fill` in files, `edit` a file, or `made` and ready.
        language: `en`, `kk` or `ru`.
        first: command line that comes next.
        second: and the one after it.
    """
    return words(language).say(_NEXT[what], first=first, second=second)
