"""How every number comes about, printed from what the published copy says of itself."""

from __future__ import annotations

import streamlit as st

from dashboard import address, frame
from dashboard.frame import Frame
from dashboard.markup import table
from dashboard.method_parts import what_if, worked_example
from metrics import models, read
from metrics.text.quality import KAPPA_NEEDED, Score, quality

METHOD = frame.ROOT / "metrics" / "README.md"
LANGUAGES = {"nl": "lists.nl", "fr": "lists.fr", "de": "lists.de", "en": "lists.en"}
FEATURES = {
    "label": "lists.label",
    "is_question": "lists.is_question",
    "wants_answer": "lists.wants_answer",
    "is_abuse": "lists.is_abuse",
    "promise": "lists.promise",
    "is_redirect": "lists.is_redirect",
    "asks_public": "lists.asks_public",
    "tone": "lists.tone",
}
VALUES = {
    "vote_ask": "lists.vote_ask",
    "trail_update": "lists.trail_update",
    "self_promo": "lists.self_promo",
    "position": "lists.position",
    "service_info": "lists.service_info",
    "attack": "lists.attack",
    "ask_public": "lists.ask_public",
    "help_thank": "lists.help_thank",
    "personal": "lists.personal",
    "none": "lists.no_label",
    "pos": "lists.pos",
    "neu": "lists.neu",
    "neg": "lists.neg",
}
COLUMNS = (
    "lists.feature",
    "lists.judged",
    "lists.wanted",
    "lists.precision",
    "lists.recall",
    "lists.kappa",
    "lists.use",
)


def main() -> None:
    here = frame.begin()
    if here is None:
        return
    t = here.words
    st.title(t("method.title"), anchor=False)
    frame.say(t("method.lead"), "ws-lead")
    frame.invented(here)
    what_if(here)
    worked_example(here)
    _readme(here)
    _models(here)
    _params(here)
    _dictionary(here)
    _lists(here)
    frame.footer(here)


def _models(here: Frame) -> None:
    """The text of one model, as it was computed."""
    t = here.words
    st.header(t("method.models"), anchor=False)
    listed = models.all_models()
    frame.say(t("method.models_text", n=t.number(len(listed))))
    name = address.choose("model", listed, default="presence_week") or next(iter(listed))
    st.selectbox(t("method.model"), list(listed), width=420, **address.bound("model"))
    model = listed[name]
    frame.say(f"{model.folder}/{model.name}.sql: {model.title} ({model.grain})")
    st.html(table([t("method.name"), t("method.meaning")], list(model.columns.items()), name))
    with st.container(key="method-sql"):
        st.code(model.sql, language="sql", wrap_lines=True)


def _params(here: Frame) -> None:
    t = here.words
    st.header(t("method.params"), anchor=False)
    frame.say(t("method.params_text"))
    params = read.all_of(here.path, "param")
    rows = zip(*(params[name].fillna("") for name in ("name", "value", "description")), strict=True)
    headings = [t("method.name"), t("method.value"), t("method.meaning")]
    st.html(table(headings, list(rows), t("method.params")))


def _dictionary(here: Frame) -> None:
    t = here.words
    st.header(t("method.columns"), anchor=False)
    frame.say(t("method.columns_text"))
    dictionary = read.dictionary(here.path)
    for name, rows in dictionary.groupby("table_name", sort=True):
        own = rows[rows["column_name"].isna()]["comment"].dropna()
        with st.expander(f"{name}: {own.iloc[0]}" if len(own) else str(name)):
            columns = rows[rows["column_name"].notna()]
            texts = zip(columns["column_name"], columns["comment"].fillna(""), strict=True)
            st.html(table([t("method.name"), t("method.meaning")], list(texts), str(name)))


def _lists(here: Frame) -> None:
    """How well the word lists read: a table per language, each label and tone below its feature."""
    t = here.words
    st.header(t("lists.title"), anchor=False)
    frame.say(t("lists.lead", kappa=t.number(KAPPA_NEEDED, 1)))
    scores = [score for score in quality() if score.feature in FEATURES and score.judged]
    for language in dict.fromkeys(score.language for score in scores if score.language != "-"):
        own = (score for score in scores if score.language == language)
        rows = [_quality(here, score) for score in sorted(own, key=_place)]
        name = t(LANGUAGES[language]) if language in LANGUAGES else language
        st.subheader(name, anchor=False)
        headings = [t(column) for column in COLUMNS]
        st.html(table(headings, rows, f"{t('lists.title')}: {name}", numbers={1, 2, 3, 4, 5}))


def _place(score: Score) -> int:
    """In the order of the page; the sorting is stable, so labels keep theirs."""
    return list(FEATURES).index(score.feature)


def _quality(here: Frame, score: Score) -> list[str]:
    t = here.words
    is_whole = score.value == "all"
    name = t(FEATURES[score.feature]) if is_whole else f"– {t(VALUES[score.value])}"
    rates = [
        "–" if rate is None else t.number(rate, 2)
        for rate in (score.precision, score.recall, score.kappa)
    ]
    use = t("lists.descriptive") if score.is_descriptive_only else t("lists.good")
    return [name, t.number(score.judged), t.number(score.wanted), *rates, use]


def _readme(here: Frame) -> None:
    t = here.words
    st.header(t("method.whole"), anchor=False)
    frame.say(t("method.english"))
    try:
        text = METHOD.read_text("utf-8")
    except FileNotFoundError:
        return
    with st.container(key="method-text"):
        st.markdown(_below(text))


def _below(text: str) -> str:
    """The text with its headings two levels lower, so that they hang below this page's own."""
    lines, is_code = [], False
    for line in text.splitlines():
        is_code ^= line.startswith("```")
        lines.append(f"##{line}" if line.startswith("#") and not is_code else line)
    return "\n".join(lines)


main()
