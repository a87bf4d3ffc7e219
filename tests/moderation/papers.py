"""Reads a PDF back as a stranger's program would: its pages' text through the fonts' own tables, without our code."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)endobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN = re.compile(rb"\((?:\\.|[^\\)])*\)\s*Tj|\[(?:.*?)\]\s*TJ|/(F\d+) [\d.]+ Tf", re.DOTALL)
PIECE = re.compile(rb"\(((?:\\.|[^\\)])*)\)", re.DOTALL)
ESCAPE = re.compile(rb"\\([nrtbf()\\]|[0-7]{1,3})")
PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"(": b"(", b")": b")", b"\\": b"\\"}


def text_of(pdf: bytes) -> str:
    """Everything that is set as text, in the order in which it is drawn; each piece on a line of its own."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    fonts = _fonts(objects)
    said = []
    for body in objects.values():
        if b"/Type /XObject" in body or not (content := _stream(body)) or b" Tf" not in content:
            continue
        said += _lines(content, fonts)
    return "\n".join(said)


def _fonts(objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """What each font of the file calls its glyphs, by the name that pages use for it."""
    found = {}
    for body in objects.values():
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body):
            to_unicode = re.search(rb"/ToUnicode (\d+) 0 R", objects.get(int(number), b""))
            if to_unicode:
                found[name] = _cmap(_stream(objects[int(to_unicode[1])]))
    return found


def _cmap(table: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4,})>\n", table)
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    if not found:
        return b""
    try:
        return zlib.decompress(found[1])
    except zlib.error:
        return found[1]


def _lines(content: bytes, fonts: dict[bytes, dict[int, str]]) -> list[str]:
    said, font = [], {}
    for shown in SHOWN.finditer(content):
        if shown[1]:
            font = fonts.get(shown[1], {})
            continue
        raw = b"".join(ESCAPE.sub(_unescaped, piece) for piece in PIECE.findall(shown[0]))
        glyphs = [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
        said.append("".join(font.get(glyph, "\N{REPLACEMENT CHARACTER}") for glyph in glyphs))
    return said


def _unescaped(found: "re.Match[bytes]") -> bytes:
    return PLAIN.get(found[1]) or bytes([int(found[1], 8)])
