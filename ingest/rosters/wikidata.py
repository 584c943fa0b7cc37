"""People from Wikidata: who holds a position, in a country or place, with their handles.

`query` is what is asked, `fetch` asks it, `read` understands the answer, also one that was
saved. Days come with their precision, so that a year alone is not taken for its 1 January.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ingest.errors import Problem, RosterError, UnexpectedPayload
from ingest.http import Http
from ingest.rosters.cells import account, day
from ingest.rosters.found import Found, FoundAccount, FoundMandate, FoundPerson, Reading

ENDPOINT = "https://query.wikidata.org/sparql"
QUERY = Path(__file__).with_name("wikidata.rq")
MOST_BYTES = 64 * 1024 * 1024
_ITEM = re.compile(r"Q[1-9]\d{0,11}")
_LANGUAGES = re.compile(r"[a-z]{2,3}(?:,[a-z]{2,3})*")
Row = Mapping[str, str]


def query(
    *,
    country: str = "",
    positions: Sequence[str] = (),
    place: str = "",
    languages: str = "nl,fr,de,en,mul",
) -> str:
    """The SPARQL text; RosterError unless what is given are ids of items (Q31)."""
    wrong = [one for one in (country, place, *positions) if one and not _ITEM.fullmatch(one)]
    if wrong or not (country or place or positions):
        found = ", ".join(wrong) or "no country, position or place"
        raise RosterError([Problem("wikidata", 0, "", found, "an id of Wikidata, as Q31")])
    if not _LANGUAGES.fullmatch(languages):
        raise RosterError([Problem("wikidata", 0, "languages", languages, "nl,fr,en")])
    chosen = "\n".join(_conditions("_once", country, positions, place))
    held = "\n".join(_conditions("", country, positions, place))
    text = QUERY.read_text("utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for name, value in (("$chosen", chosen), ("$held", held), ("$languages", languages)):
        text = text.replace(name, value)
    return text


def _conditions(suffix: str, country: str, positions: Sequence[str], place: str) -> Iterable[str]:
    """What a statement of a position must say."""
    held, position = f"?held{suffix}", f"?position{suffix}"
    if positions:
        yield f"      VALUES {position} {{ {' '.join(f'wd:{one}' for one in positions)} }}"
    if country:
        yield f"      {position} (wdt:P17|wdt:P1001/wdt:P17|wdt:P1001) wd:{country} ."
    if place:
        yield (
            f"      {{ {position} wdt:P1001 wd:{place} . }} UNION "
            f"{{ {held} pq:P768 wd:{place} . }} UNION {{ {held} pq:P131 wd:{place} . }}"
        )


def fetch(http: Http, text: str, endpoint: str = ENDPOINT) -> bytes:
    """The answer of a SPARQL endpoint."""
    reply = http.get(
        endpoint,
        params={"query": text, "format": "json"},
        headers={"Accept": "application/sparql-results+json"},
        source="wikidata",
        account="query",
        max_bytes=MOST_BYTES,
    )
    if reply.status != 200:
        happened, todo = f"answered {reply.status}", "narrow the query, or try again later"
        raise UnexpectedPayload("wikidata", "query", happened, todo)
    return reply.body


def is_answer(value: object) -> bool:
    """Whether this is the JSON of a SPARQL answer."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("head"), dict)
        and isinstance(_dict(value.get("results")).get("bindings"), list)
    )


def read(content: bytes) -> Found:
    """The people in an answer."""
    try:
        answer = msgspec.json.decode(content)
    except (ValueError, RecursionError) as error:
        raise RosterError([Problem("wikidata", 0, "", "no JSON", "a SPARQL answer")]) from error
    if not is_answer(answer):
        raise RosterError([Problem("wikidata", 0, "", "other JSON", "a SPARQL answer")])
    reading = Reading()
    rows: dict[str, list[Row]] = {}
    for binding in answer["results"]["bindings"]:
        row = _row(binding)
        item = _item(row.get("person", ""))
        if item:
            rows.setdefault(item, []).append(row)
        else:
            reading.skip("a row without a person")
    for item, told in rows.items():
        _add(reading, item, told)
    return reading.found("wikidata")


def _row(binding: object) -> Row:
    """The values of a row; unknown ones (blank nodes) are left out."""
    return {
        name: cell["value"]
        for name, cell in _dict(binding).items()
        if isinstance(cell, dict)
        and isinstance(cell.get("value"), str)
        and cell.get("type") != "bnode"
        and "/.well-known/genid/" not in cell["value"]
    }


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _item(uri: str) -> str:
    found = _ITEM.fullmatch(uri.rpartition("/")[2])
    return found[0] if found else ""


def _add(reading: Reading, item: str, rows: Sequence[Row]) -> None:
    name = next((row["personLabel"] for row in rows if row.get("personLabel")), "")
    if not name or name == item:
        reading.skip("a person without a name in these languages")
        return
    mandates = [row for row in rows if row.get("row") == "mandate"]
    parties = [row for row in rows if row.get("partyLabel")]
    # The group of the last term; a membership without days comes after those in the query.
    of_terms = [row for row in parties if row.get("row") == "mandate"] or parties
    reading.people.append(
        FoundPerson(
            name=name,
            where=item,
            ids=(f"wikidata:{item}",),
            municipality=next(
                (row["districtLabel"] for row in reversed(mandates) if row.get("districtLabel")), ""
            ),
            party=of_terms[-1]["partyLabel"] if of_terms else "",
            mandates=tuple(dict.fromkeys(_mandate(reading, row) for row in mandates)),
            accounts=tuple(dict.fromkeys(_accounts(reading, rows))),
        )
    )


def _mandate(reading: Reading, row: Row) -> FoundMandate:
    return FoundMandate(
        office=row.get("positionLabel", ""),
        from_on=day(_precise(row, "from"), reading),
        to_on=day(_precise(row, "to"), reading, is_last=True),
    )


def _accounts(reading: Reading, rows: Iterable[Row]) -> Iterable[FoundAccount]:
    for row in rows:
        if row.get("row") != "account":
            continue
        found = account(
            row.get("handle"),
            reading,
            kind=row.get("kind", ""),
            valid_from=day(_precise(row, "from"), reading),
            valid_to=day(_precise(row, "to"), reading, is_last=True),
        )
        if found:
            yield found


def _precise(row: Row, name: str) -> str:
    """As much of a moment as is vouched for: a day (precision 11), a month (10) or a year (9)."""
    told = row.get(name, "").lstrip("+").partition("T")[0]
    precision = row.get(f"{name}_precision", "11")
    length = {"9": 4, "10": 7}.get(precision, 10)
    return told[:length] if precision in {"9", "10", "11"} else ""
