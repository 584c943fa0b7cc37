"""Alerts as an Atom feed that any feed reader can follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from ingest.alerts.model import Alert
from ingest.alerts.words import FALLBACK, say

_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that was told, and when."""

    alert_id: str  # a uuid
    raised_at: datetime
    alert: Alert

    @property
    def title(self) -> str:
        """What the alert is about, in a few words."""
        return f"{say(self.alert.lang, f'title_{self.alert.kind}')}: {self.alert.person_id}"


def atom(feed_id: str, raised: Sequence[Raised], now: datetime) -> bytes:
    """The feed's bytes, the newest alert first."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", f"urn:uuid:{feed_id}")
    spoken = {one.alert.lang for one in raised}
    _add(feed, "title", say(spoken.pop() if len(spoken) == 1 else FALLBACK, "alerts"))
    _add(feed, "updated", _time(raised[0].raised_at if raised else now))
    _add(_add(feed, "author"), "name", "Winterslaap")
    for one in raised:
        entry = _add(feed, "entry", "", **{_LANG: one.alert.lang})
        _add(entry, "id", f"urn:uuid:{one.alert_id}")
        _add(entry, "title", one.title)
        _add(entry, "updated", _time(one.raised_at))
        _add(entry, "category", term=one.alert.kind.value)
        if one.alert.link:
            _add(entry, "link", rel="related", href=one.alert.link)
        _add(entry, "content", one.alert.message, type="text")
    ET.indent(feed)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    child.text = "".join(sign for sign in text if sign.isprintable()) or None
    return child


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
