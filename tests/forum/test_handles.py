"""A name cannot be borrowed (S8): look-alikes of somebody's handle are refused, people's real names are not."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from forum.actions.signup import HandleTaken, begin_signup
from forum.handles import clean_handle, handle_key, is_reserved, lookalike_keys
from forum.models import PendingSignup

LOOKALIKES = {
    "robin": [
        "Robin", "ROBIN", "r0bin", "rob1n", "robln", "robIn", "rоbin", "robіn", "rοbin", "robın", "röbin", "robín", "ｒｏｂｉｎ",
        "𝐫𝐨𝐛𝐢𝐧", "𝓻𝓸𝓫𝓲𝓷", "ⓡⓞⓑⓘⓝ", "rob\u200bin", "rob\u00adin", "robin\u034f", "roƄin", "rob\ufe0fin", "robin\u202e", "ʀobin",
    ],
    "wren": ["vvren", "wreп", "ẉren", "ԝren", "ᴡren", "wrеn"],
    "modern": ["modem", "rnodern"],
    "lily": ["1ily", "Iily", "li1y", "Iiiy"],
    "nina": ["ΝΙΝΑ"],
    "anna": ["аnnа", "ａｎｎａ", "ΑΝΝΑ"],
}  # fmt: skip
NAMES = [
    "Siân", "O'Neill", "Łukasz", "José", "Нина", "Ελένη", "美咲", "محمد", "Zoë", "Ngọc", "सीता", "ไพลิน", "다솜", "Søren", "Þóra",
    "Chloë-May", "d'Arcy", "Işık", "Kaʻala", "木村さくら", "ダー", "J.R", "Sarah99", "Ali", "puffin", "Oluwaṣeun", "ნინო", "אביגיל",
]  # fmt: skip
RESERVED = [
    "keeper", "Keeper", "the_keeper", "TheKeeper", "k33per", "keeper2", "harbour", "H4rbour", "harbour-team", "admin", "adm1n",
    "a.d.m.i.n", "administrator", "moderator", "rnoderator", "m0derator", "staff", "Staff", "mod", "mods", "help", "heIp", "samaritans",
    "mind", "Mlnd", "rnind", "team", "nhs", "support", "999help", "mod_team", "help-me",
    "from-the-team", "from.the.team", "HarbourJo", "Harbour-Jo", "harbour.light", "Mod-Jo", "JoMod", "Jo_mod", "M0d-Jo", "mod2-jo",
    "Team.Robin", "StaffAnn", "ann-staff", "Ann-from-Staff", "police-jo", "PoliceScotland", "NHS-jo", "jo.official", "Samaritan-Jo",
    "rnoderator-jo", "cymedrolwr", "Ceidwad", "heddlu-jo",
]  # fmt: skip


def refusal(raw: str) -> str:
    with pytest.raises(ValidationError) as refused:
        clean_handle(raw)
    return refused.value.code


def is_free_beside(existing: str, raw: str) -> bool:
    try:
        return not lookalike_keys(clean_handle(raw)) & {handle_key(existing)}
    except ValidationError:
        return False


@pytest.mark.parametrize(
    ("existing", "lookalike"), [(name, fake) for name, fakes in LOOKALIKES.items() for fake in fakes]
)
def test_a_handle_that_looks_like_somebodys_is_refused(existing, lookalike):
    assert clean_handle(existing) == existing  # the premise: the name itself is fine
    assert not is_free_beside(existing, lookalike)


def test_there_are_enough_lookalikes_to_mean_something():
    assert sum(map(len, LOOKALIKES.values())) >= 32


@pytest.mark.parametrize("name", NAMES)
def test_a_real_name_is_welcome(name):
    assert clean_handle(name)
    assert is_free_beside("robin", name)


def test_real_names_do_not_get_in_one_anothers_way():
    assert len({handle_key(name) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", RESERVED)
def test_a_name_of_the_house_is_refused(name):
    assert is_reserved(name)
    assert refusal(name) == "reserved"


@pytest.mark.parametrize(
    "name",
    [
        "mindful",
        "moderate",
        "beekeeper",
        "supportive",
        "helper",
        "Moda",
        "teamster",
        "Ally",
        "staffan",
        "modjo",
        "steam",
        "Jo-admiral",
        "busy-mind",
        "peace.of.mind",
        "bee-keeper",
        "Tim",
        "nurse-jo",
    ],
)
def test_a_name_that_only_begins_like_one_is_not(name):
    assert clean_handle(name) == name


def test_the_character_of_this_harbour_is_reserved_under_its_own_name(settings):
    from forum import handles

    assert clean_handle("Ferrywoman")
    settings.CHARACTER_NAME = "the Ferrywoman"
    handles._reserved_pattern.cache_clear()
    try:
        assert refusal("Ferrywoman") == "reserved"
    finally:
        handles._reserved_pattern.cache_clear()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("a", "length"), ("a" * 21, "length"), ("ro bin", "space"), ("robin@example.org", "address"), ("1234", "letterless"),
        ("-robin", "separator"), ("robin.", "separator"), ("ro--bin", "separator"), ("ro.-bin", "separator"), ("rob/in", "character"),
        ("robin<", "character"), ("rob🐦", "character"), ("ro\x00bin", "character"), ("ro\ud800bin", "character"),
        ("ɾobin", "character"), ("rоbin", "mixed"), ("robinПтица", "mixed"), ("a١2", "mixed"), ("ę̈̃́x", "marks"), ("ㅤㅤ", "character"),
    ],
)  # fmt: skip
def test_what_is_not_a_handle_says_why(raw, code):
    assert refusal(raw) == code


def test_the_edges_of_length_are_inside():
    assert clean_handle("ab") == "ab"
    assert clean_handle("a" * 20) == "a" * 20


def test_curly_apostrophes_and_wide_letters_are_stored_plainly():
    assert clean_handle("O’Neill") == "O'Neill"
    assert clean_handle(" ｒｏｂｉｎ ") == "robin"


@given(st.text(max_size=30))
def test_whatever_is_accepted_can_be_stored_and_is_its_own_lookalike(raw):
    try:
        handle = clean_handle(raw)
    except ValidationError:
        return
    assert 2 <= len(handle) <= 20
    assert 0 < len(handle_key(handle)) <= 120
    assert clean_handle(handle) == handle
    assert handle_key(handle) in lookalike_keys(handle)
    assert handle_key(handle.upper().casefold()) == handle_key(handle.casefold())


@pytest.mark.django_db
def test_a_lookalike_of_a_member_is_refused_at_sign_up(member):
    for handle in ("R0BIN", "rnobin"):
        taken = handle == "R0BIN"
        given = {"email": f"{handle}@example.org", "handle": handle, "password": "x", "consents": {}}
        if taken:
            with pytest.raises(HandleTaken):
                begin_signup(**given)
        else:
            begin_signup(**given)
    assert [pending.handle for pending in PendingSignup.objects.all()] == ["rnobin"]
