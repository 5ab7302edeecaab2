"""Ways in which a token can be wrong, or odd and right all the same.

Each makes a token out of a good draft and a source of chance. What is to become of it is nobody's
business here: three implementations decide, and have to agree.
"""

from . import algorithms, claims, header, json_text, serialization
from .registry import MUTATIONS

__all__ = ["MUTATIONS", "algorithms", "claims", "header", "json_text", "serialization"]
