"""What second steps rest on, sealed: whoever copied the database could otherwise make the codes of everybody's app.

Whatever was stored before this was so is read as it is; `manage.py reseal` seals it.
"""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from forum.sealing import CannotOpen, is_newest, seal, unseal

PLACE = "second_step"  # not the row: allauth makes the secret before it
SECRETS = ("secret", "seed")  # of an app, of spare codes; a passkey leaves nothing secret here


class SealedSecrets(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return seal(text, PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises CannotOpen without the key."""
        return unseal(encrypted_text, PLACE) if _is_sealed(encrypted_text) else encrypted_text


def reseal() -> tuple[int, int]:
    """Seals with the newest key what is open or an older one sealed. Returns how many, and how many cannot be opened."""
    done = closed = 0
    for row in Authenticator.objects.order_by("pk").iterator():
        kept = {name: row.data[name] for name in SECRETS if name in row.data}
        if all(_is_sealed(words) and is_newest(words) for words in kept.values()):
            continue
        try:
            fresh = {name: seal(SealedSecrets().decrypt(words), PLACE) for name, words in kept.items()}
        except CannotOpen:
            closed += 1
            continue
        # Only what still stands as it was read: a spare code may be used up just now.
        done += Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=row.data | fresh)
    return done, closed


def _is_sealed(words: str) -> bool:
    """A seal has a colon, and no secret of allauth's has."""
    return ":" in words
