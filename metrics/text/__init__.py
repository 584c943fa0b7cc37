"""What a post says, read once: language, question, label, promise, topics, tone.

`read` is the only door for the collector; see `features.Features` for what it gives.
"""

from metrics.text.features import LABELS, Features
from metrics.text.language import majority
from metrics.text.lists import TOPICS
from metrics.text.model import ListsError
from metrics.text.reading import read, reader
from metrics.text.similarity import boilerplate, similarity_text

__all__ = [
    "LABELS",
    "TOPICS",
    "Features",
    "ListsError",
    "boilerplate",
    "majority",
    "read",
    "reader",
    "similarity_text",
]
