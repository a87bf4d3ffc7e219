"""Sealed words: unreadable without their key, in another place, or changed; and the keys can be changed under them."""

import base64
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from forum import cards
from forum.cards import Card, has_card, keep_card, open_card, read_card, reseal
from forum.models import CareCard
from forum.sealing import CannotOpen, is_newest, seal, unseal

OLD, NEW = "old-" * 13, "new-" * 13
CARD = Card(
    phone="07700 900123", town="Llandudno", to_ring="Mam, 01632 960001", helps="Tea.", worse="Sirens.", ask_first=True
)


def test_what_is_sealed_opens_in_its_place_alone():
    sealed = seal("07700 900123", "care_card:7:phone")
    assert unseal(sealed, "care_card:7:phone") == "07700 900123"
    for elsewhere in ("care_card:8:phone", "care_card:7:town", ""):
        with pytest.raises(CannotOpen):
            unseal(sealed, elsewhere)


def test_the_same_words_never_look_the_same_and_none_are_no_seal():
    assert seal("Mam", "x") != seal("Mam", "x")
    assert seal("", "x") == unseal("", "x") == ""


def test_every_changed_byte_is_noticed():
    key_id, _colon, text = seal("Mam", "x").partition(":")
    sealed = base64.b64decode(text)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(CannotOpen):
            unseal(f"{key_id}:{base64.b64encode(changed).decode()}", "x")
    for nonsense in ("words", f"{key_id}:", f"{key_id}:!", "00000000:AAAA"):
        with pytest.raises(CannotOpen):
            unseal(nonsense, "x")


def test_an_older_key_still_opens_and_the_newest_seals(settings):
    settings.SEAL_KEYS = [OLD]
    sealed = seal("Mam", "x")
    settings.SEAL_KEYS = [NEW, OLD]
    assert unseal(sealed, "x") == "Mam"
    assert not is_newest(sealed)
    assert is_newest(seal("Mam", "x"))
    settings.SEAL_KEYS = [NEW]
    with pytest.raises(CannotOpen):
        unseal(sealed, "x")


@pytest.mark.django_db
def test_the_database_holds_nothing_that_can_be_read(member):
    keep_card(member, CARD)
    stored = str(CareCard.objects.values().get())
    for words in ("07700", "Llandudno", "Mam", "01632", "Tea", "Sirens", "yes"):
        assert words not in stored
    assert read_card(member.pk) == CARD


@pytest.mark.django_db
def test_cards_that_were_swapped_in_the_database_do_not_open(member, other_member):
    keep_card(member, CARD)
    keep_card(other_member, Card(phone="07700 900456"))
    CareCard.objects.filter(member=other_member).update(phone=CareCard.objects.get(member=member).phone)
    with pytest.raises(CannotOpen):
        read_card(other_member.pk)
    assert read_card(member.pk) == CARD


@pytest.mark.django_db
def test_an_empty_card_leaves_no_row(member):
    keep_card(member, CARD)
    assert has_card(member.pk)
    keep_card(member, Card(ask_first=True))
    assert not has_card(member.pk)
    assert read_card(member.pk) == Card()


@pytest.mark.django_db
def test_an_opening_by_staff_is_told_to_the_member(member):
    keep_card(member, CARD)
    assert CareCard.objects.get().opened_at is None
    assert open_card(member.pk) == CARD
    assert CareCard.objects.get().opened_at is not None


@pytest.mark.django_db
def test_resealing_leaves_every_card_readable_with_the_new_key_alone(settings, member, other_member):
    settings.SEAL_KEYS = [OLD]
    keep_card(member, CARD)
    settings.SEAL_KEYS = [NEW, OLD]
    keep_card(other_member, Card(town="Bangor"))
    told = StringIO()
    call_command("reseal", stdout=told)
    assert "Cards sealed anew: 1." in told.getvalue()
    settings.SEAL_KEYS = [NEW]
    assert read_card(member.pk) == CARD
    assert read_card(other_member.pk) == Card(town="Bangor")
    assert reseal() == (0, 0)


@pytest.mark.django_db
def test_resealing_never_writes_over_a_card_written_meanwhile(settings, member, monkeypatch):
    settings.SEAL_KEYS = [OLD]
    keep_card(member, CARD)
    settings.SEAL_KEYS = [NEW, OLD]
    again = cards._again

    def slowly(*args):
        keep_card(member, Card(town="Bangor"))
        return again(*args)

    monkeypatch.setattr(cards, "_again", slowly)
    assert reseal() == (0, 0)
    assert read_card(member.pk) == Card(town="Bangor")


@pytest.mark.django_db
def test_a_card_that_no_key_opens_is_counted_and_left(settings, member):
    settings.SEAL_KEYS = [OLD]
    keep_card(member, CARD)
    settings.SEAL_KEYS = [NEW]
    with pytest.raises(CommandError, match="none of the keys opens: 1"):
        call_command("reseal", stdout=StringIO())
    settings.SEAL_KEYS = [OLD]
    assert read_card(member.pk) == CARD
