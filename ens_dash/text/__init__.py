"""Words and numbers in the reader's language."""

from ens_dash.text.words import Words, load_words

__all__ = ["Words", "load_words"]
