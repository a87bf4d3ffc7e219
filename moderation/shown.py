"""What somebody was shown before they sent it, as a page brings it back. Pure."""

from django.utils.crypto import salted_hmac

from forum.text import clean_text


def digest_of(words: str) -> str:
    """Stands for these words as a page drew them, in a hidden field of its form; "" for none."""
    clean = clean_text(words).strip()
    return salted_hmac("moderation.shown", clean, algorithm="sha256").hexdigest() if clean else ""
