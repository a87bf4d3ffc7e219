"""What a message carries so that the readers know it again."""

MARK = b"token-of-the-bench-"
_DIGITS = 8


def token(number: int) -> str:
    return f"{MARK.decode()}{number:0{_DIGITS}}"


def token_in(payload: bytes) -> str:
    at = payload.index(MARK)
    return payload[at : at + len(MARK) + _DIGITS].decode()


def words(token: str, size: int) -> str:
    """A text of exactly so many bytes that begins with the token."""
    return (token + " the tide goes out and it comes in again" * (size // 40 + 1))[:size]
