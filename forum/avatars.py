"""A small picture for each member, drawn from a keyed hash: nothing to upload, nothing to moderate, nobody to recognise."""

import hmac
import secrets
from hashlib import sha256

from django.conf import settings

GROUNDS = ("#c9dfd6", "#e8d5c4", "#d9d3ea", "#cfdfea", "#eadfc2", "#e6d0d6", "#d5e2c6", "#dcd8cf")
SHAPES = ("#4f8f86", "#a65f4b", "#7a6aa8", "#4d7ea8", "#b08433", "#9a5a76", "#6f8a45", "#6b7a80")
LIGHTS = ("#f3d28b", "#f7efe0", "#f0b9a0", "#d8f0e6", "#fbe9b7", "#e9d9f7")


STYLES = 6  # pictures a member can choose from: one set of them
SETS = 5000  # more than anybody could try out; the last style still fits its column


def avatar_token(member_id: int, style: int = 0) -> str:
    """Names a member's picture without naming the member: 24 hex digits, keyed, the same for as long as the key is."""
    return hmac.new(settings.SECRET_KEY.encode(), f"avatar:{member_id}:{style}".encode(), sha256).hexdigest()[:24]


def styles_beside(style: int) -> range:
    """The styles a member with this one can choose from."""
    first = style - style % STYLES
    return range(first, first + STYLES)


def another_set(style: int) -> int:
    """A style of another set: neither the picture nor any that can be chosen leads back to the one before."""
    here = style // STYLES
    return next(other for other in iter(lambda: secrets.randbelow(SETS), -1) if other != here) * STYLES


def draw_avatar(token: str) -> str:
    """An SVG of a shore, a light and the water, from the token's digits alone: no row is read for it."""
    digits = bytes.fromhex(token)
    ground, shape = GROUNDS[digits[0] % len(GROUNDS)], SHAPES[digits[1] % len(SHAPES)]
    other, light = SHAPES[(digits[1] + 1 + digits[2] % 6) % len(SHAPES)], LIGHTS[digits[3] % len(LIGHTS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">'
        f'<rect width="40" height="40" fill="{ground}"/>{_light(digits, light)}{_form(digits, shape)}{_water(digits, other)}'
        "</svg>"
    )


def _light(digits: bytes, colour: str) -> str:
    return f'<circle cx="{6 + digits[4] % 28}" cy="{6 + digits[5] % 12}" r="{4 + digits[6] % 4}" fill="{colour}"/>'


def _form(digits: bytes, colour: str) -> str:
    x, width = 4 + digits[8] % 18, 12 + digits[9] % 10
    forms = (
        f'<path d="M{x} 40 {x + width // 2} {12 + digits[10] % 10} {x + width} 40z" fill="{colour}"/>',
        f'<circle cx="{x + 6}" cy="{24 + digits[10] % 8}" r="{8 + digits[9] % 6}" fill="{colour}"/>',
        f'<rect x="{x}" y="{14 + digits[10] % 10}" width="{width - 4}" height="30" rx="{digits[9] % 7}" fill="{colour}"/>',
        f'<path d="M{x - 4} 40a{width // 2 + 3} {18 + digits[10] % 6} 0 0 1 {width + 6} 0z" fill="{colour}"/>',
    )
    return forms[digits[7] % len(forms)]


def _water(digits: bytes, colour: str) -> str:
    y, swell = 28 + digits[11] % 6, 2 + digits[2] % 3
    return f'<path d="M0 {y}q5-{swell} 10 0t10 0 10 0 10 0V40H0z" fill="{colour}"/>'
