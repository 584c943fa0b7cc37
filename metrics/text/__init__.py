"""What a post says, read once: language, question, label, promise, topics, tone.

`read` is the only door for the collector; see `features.Features` for what it gives.
"""

from metrics.text.features import LABELS, Features
from metrics.text.language import majority
from metrics.text.reading import read, similarity_text

__all__ = ["LABELS", "Features", "majority", "read", "similarity_text"]
