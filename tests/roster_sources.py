"""Rosters of invented people in the shapes that real sources have."""

from __future__ import annotations

import json
from typing import Any

COUNCIL_CSV = """\
Voornaam;Achternaam;Partij;Gemeente;Functie;Vanaf;Sinds;Einde;Bluesky;Mastodon;Twitter;E-mail
An;Voorbeeld;Lijst Plein;Voorbeeldstad;Schepen;;2019-01-01;2024-12-31;@An.Voorbeeld.example;\
@an@toet.example;anvb;an@x.example
Bo;Verzonnen;Groep Markt;Voorbeeldstad;Raadslid;;01/01/2019;;https://bsky.app/profile/bo.example;;;
Cé;Denkbeeld;Lijst Plein;Voorbeeldstad;Raadslid;;2019;;;https://toet.example/@ce;;
"""

LONG_CSV = """\
person_id,name,platform,handle,run_by,valid_from,valid_to
an-voorbeeld,An Voorbeeld,bluesky,an.example,self,2023-05-01,
an-voorbeeld,An Voorbeeld,mastodon,kabinet@toet.example,office,2019-01-01,2024-12-31
an-voorbeeld,An Voorbeeld,feeds,https://an.example/feed,self,,
"""

TERM_CSV = """\
id,name,sort_name,email,twitter,facebook,group,group_id,area_id,area,chamber,term,start_date,\
end_date,image,gender,wikidata
0f-1,An Voorbeeld,"Voorbeeld, An",an@x.example,anvb,,Lijst Plein,lp,area/v,Voorbeeldstad,Raad,7,\
2019-05-26,2024-06-08,,female,Q900000001
0f-2,Bo Verzonnen,"Verzonnen, Bo",,,,Groep Markt,gm,area/v,Voorbeeldstad,Raad,7,,,,male,
"""

POPOLO: dict[str, Any] = {
    "persons": [
        {
            "id": "p1",
            "name": "An Voorbeeld",
            "identifiers": [{"scheme": "wikidata", "identifier": "Q900000001"}],
            "contact_details": [
                {"type": "twitter", "value": "anvb"},
                {"type": "email", "value": "an@x.example"},
                {"type": "mastodon", "value": "an@toet.example", "valid_from": "2022-11-05"},
            ],
            "links": [
                {"note": "bluesky", "url": "https://bsky.app/profile/an.example"},
                {"note": "feed", "url": "https://an.example/feed.xml"},
                {"note": "Wikipedia (nl)", "url": "https://nl.wikipedia.org/wiki/An"},
            ],
        },
        {"id": "p2", "given_name": "Bo", "family_name": "Verzonnen"},
        {"id": "p3"},
        "geen persoon",
    ],
    "organizations": [
        {"id": "o1", "name": "Raad", "classification": "legislature"},
        {"id": "o2", "name": "Lijst Plein", "classification": "party"},
        {"id": "o3", "name": "Groep Markt", "classification": "party"},
    ],
    "areas": [{"id": "a1", "name": "Voorbeeldstad"}],
    "memberships": [
        {
            "person_id": "p1",
            "organization_id": "o1",
            "role": "member",
            "on_behalf_of_id": "o2",
            "area_id": "a1",
            "start_date": "2019-05",
            "end_date": "2024",
        },
        {"person_id": "p2", "organization_id": "o3", "start_date": "2015-01-01"},
        {"person_id": "p2", "organization_id": "o1", "post": {"label": "Schepen"}},
    ],
}

EP_POPOLO: dict[str, Any] = {
    **POPOLO,
    "events": [
        {
            "id": "term/7",
            "classification": "legislative period",
            "name": "7",
            "start_date": "2019-05-26",
            "end_date": "2024-06-08",
        }
    ],
    "memberships": [
        {
            "person_id": "p1",
            "organization_id": "o1",
            "role": "member",
            "legislative_period_id": "term/7",
        },
        {
            "person_id": "p2",
            "organization_id": "o1",
            "role": "member",
            "legislative_period_id": "term/7",
            "start_date": "2021-02-01",
        },
    ],
}

LEGISLATORS = """\
# comment
- id:
    bioguide: V000001
    wikidata: Q900000001
    fec: [S0XX00001]
  name: {first: Ann, last: Example, official_full: Ann B. Example}
  bio: {gender: F}
  terms:
  - {type: rep, start: '2015-01-06', end: '2017-01-03', state: WA, party: Green}
  - {type: rep, start: '2017-01-03', end: '2019-01-03', state: WA, party: Green}
  - type: sen
    start: '2019-01-03'
    end: '2031-01-03'
    state: WA
    party: Blue
    rss_url: https://example-ann.example/rss
- id: {bioguide: V000002}
  name: {first: Bob, last: Invented, suffix: Jr.}
  terms:
  - {type: rep, start: 2023-01-03, end: 2025-01-03, state: ME, party: Blue}
- id: {thomas: '00001'}
  name: {first: Nobody, last: Known}
"""

SOCIAL = """\
- id: {bioguide: V000001}
  social:
    twitter: RepAnn
    twitter_id: 1
    mastodon: '@RepAnn@Toet.example'
    youtube: RepAnn
    youtube_id: UC0123456789abcdefghijkl
- id: {bioguide: V000009}
  social: {mastodon: '@gone@toet.example'}
"""

ITEM = "http://www.wikidata.org/entity/"


def sparql(*rows: dict[str, str]) -> bytes:
    """A SPARQL answer; `?` is an unknown value."""
    bindings = []
    for row in rows:
        binding = {}
        for name, value in row.items():
            kind = "uri" if name in {"person", "position", "party"} else "literal"
            told = ITEM + value if kind == "uri" else value
            binding[name] = {"type": "bnode" if value == "?" else kind, "value": told}
        bindings.append(binding)
    return json.dumps({"head": {"vars": []}, "results": {"bindings": bindings}}).encode()


AN = {"person": "Q900000001", "personLabel": "An Voorbeeld"}
WIKIDATA = sparql(
    {**AN, "row": "account", "kind": "mastodon", "handle": "an@toet.example"}
    | {"from": "2022-11-05T00:00:00Z", "from_precision": "11"},
    {**AN, "row": "account", "kind": "bluesky", "handle": "an.example"},
    {**AN, "row": "account", "kind": "youtube_id", "handle": "UC0123456789abcdefghijkl"},
    {**AN, "row": "mandate", "position": "Q900000010", "positionLabel": "senator"}
    | {"districtLabel": "Voorbeeldstad", "partyLabel": "Groep Markt"}
    | {"from": "2014-05-25T00:00:00Z", "from_precision": "11"}
    | {"to": "2019-05-26T00:00:00Z", "to_precision": "11"},
    {**AN, "row": "mandate", "position": "Q900000010", "positionLabel": "senator"}
    | {"districtLabel": "Voorbeeldstad", "partyLabel": "Lijst Plein"}
    | {"from": "2019-01-01T00:00:00Z", "from_precision": "9", "to": "?"},
    {**AN, "row": "party", "party": "Q900000020", "partyLabel": "Oude Partij"},
    {"person": "Q900000002", "personLabel": "Q900000002", "row": "mandate"},
)
