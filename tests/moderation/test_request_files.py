"""A case on paper: only for a decided request, only what was chosen, other people's names taken out, taken once, and gone."""

import hashlib
import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from moderation.actions.cases import answer_word, send_word
from moderation.actions.contacts import Tried, add_contact
from moderation.actions.disclosures import Asked, approve_disclosure, ask_disclosure, open_disclosure
from moderation.actions.outside_requests import hand_over
from moderation.actions.records import save_record
from moderation.actions.reports import report_post
from moderation.actions.request_files import FileOver, FileTaken, make_file, take_file
from moderation.actions.sheets import make_sheet
from moderation.case_export.fields import FIELDS as ALL_FIELDS
from moderation.case_export.pdf import legible
from moderation.models import Case, CaseEvent, RequestEvent, RequestFile
from moderation.record_parts import stored
from moderation.refusals import Missing, NotAllowed
from realtime import retention
from tests.conftest import PASSWORD
from tests.moderation.members import again
from tests.moderation.papers import text_of
from tests.moderation.records import write_record
from tests.moderation.registers import NOTHING, TO_GIVE, a_request, decided, fresh, proposed

pytestmark = pytest.mark.django_db
ALL = dict.fromkeys(ALL_FIELDS, "It is needed.")
POST = "Third night. wren said to ring, and @finch too. Mae'r tŷ yn oer, Siôn 💙 <script>alert(1)</script> =1+1"


@pytest.fixture
def case(staff_case, staff, member, other_member, make_member, post_by):
    """puffin holds it: wren worried about robin's post, they wrote to each other, and a record was kept."""
    make_member("finch")
    case = staff_case("thoughts")
    report_post(other_member, post_by(member, POST), "worry", "thoughts", key=uuid4(), note="I am wren, her neighbour.")
    send_word(again(case), staff, "Hello Robin, this is Puffin, a person.", uuid4())
    answer_word(again(case), member, "I am at Nain's, with Anna Example.", uuid4())
    said = {"what_they_said": "That she cannot go on.", "when_and_where": "Tonight", "what_we_did": "We rang wren."}
    save_record(again(case), staff, said)
    return again(case)


@pytest.fixture
def puffin(client, staff):
    """puffin, signed in with the password a moment ago."""
    client.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def opened(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def read(row, actor, kind):
    file = make_file(row, actor, kind)
    return opened(take_file(row, actor, file.pk))


def words_of(pdf):
    return " ".join(text_of(pdf).split())


def test_the_paper_can_be_read_back_word_for_word_and_in_welsh_letters(case, staff, other_staff):
    row = decided(staff, other_staff, fields={"reports_seen": "They have to know what was said."})
    said = words_of(read(row, staff, "pdf")["case.pdf"])
    assert "Mae'r tŷ yn oer, Siôn [blue heart]" in said
    assert "=1+1" in said and "<script>alert(1)</script>" in said  # words, and nothing that runs
    assert "\N{REPLACEMENT CHARACTER}" not in said


def test_the_page_runs_nothing_and_loads_nothing(case, staff, other_staff):
    row = decided(staff, other_staff, fields=ALL, proposal=TO_GIVE)
    files = read(row, staff, "html")
    for page in files.values():
        said = page.decode()
        assert "<script" not in said and "src=" not in said and "default-src 'none'" in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in files["case.html"].decode()


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_whoever_told_us_is_never_in_it_and_others_are_letters(case, staff, other_staff, kind):
    row = decided(staff, other_staff, fields=ALL)
    case_file = read(row, staff, kind)[f"case.{kind}"]
    said = (words_of(case_file) if kind == "pdf" else case_file.decode()).casefold()
    assert "third night." in said and "that she cannot go on." in said  # the premise
    assert "wren" not in said and "heron" not in said and "finch" not in said and "puffin" not in said
    assert "[left out] said to ring, and member b too." in said
    assert "a member of staff" in said and "a moderator" in said


def test_what_was_to_be_left_out_is_left_out_whatever_its_case(case, staff, other_staff):
    from dataclasses import replace

    row = decided(
        staff, other_staff, replace(TO_GIVE, leave_out="anna example\n\nNAIN's"), {"talk_theirs": "Where she is."}
    )
    said = words_of(read(row, staff, "pdf")["case.pdf"])
    assert "I am at [left out], with [left out]." in said


def test_only_what_was_chosen_is_in_it_and_the_cover_says_what_is_not(case, staff, other_staff):
    row = decided(staff, other_staff, fields={"case_facts": "For its times."})
    files = read(row, staff, "pdf")
    said, cover = words_of(files["case.pdf"]), words_of(files["cover.pdf"])
    assert "How urgent" in said
    assert "Third night" not in said and "cannot go on" not in said and "robin" not in said.casefold()
    assert f"Cover sheet, request {row.pk}" in cover and "puffin and gannet" in cover and "For its times." in cover
    assert "What they wrote to the team" in cover.partition("What is left out")[2]


def test_the_handle_is_given_only_where_it_was_chosen(case, staff, other_staff):
    row = decided(staff, other_staff, fields={"account_handle": "They know her by it.", "talk_ours": "What we said."})
    said = words_of(read(row, staff, "pdf")["case.pdf"])
    assert "Handle here robin" in said and "Hello Robin" in said


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_the_cover_names_the_digest_of_the_very_file(case, staff, other_staff, kind):
    row = decided(staff, other_staff)
    files = read(row, staff, kind)
    digest = hashlib.sha256(files[f"case.{kind}"]).hexdigest()
    cover = text_of(files["cover.pdf"]).replace("\n", "") if kind == "pdf" else files["cover.html"].decode()
    assert digest in cover and RequestFile.objects.get().digest == digest


def test_every_field_can_be_drawn_in_every_language(case, staff, other_staff):
    row = decided(staff, other_staff, fields=ALL)
    for language in ("en-gb", "cy"):
        with translation.override(language):
            assert len(words_of(read(row, staff, "pdf")["case.pdf"])) > 500


def test_a_coroner_reads_what_was_known_done_and_asked_for_that_night(case, staff, other_staff):
    Case.objects.filter(pk=case.pk).update(severity="urgent")
    chosen = [key for key in ALL_FIELDS if key.startswith("record_") and key != "record_whole"]
    write_record(case, staff, others_in_danger="yes", others_words="A child next door.", basis="A life was in danger.",
                 what_we_did="Rang Mo  Smith.", left_out="mo smith", not_known=stored(["means_and_time", "follow_up_on"]),
                 means_and_time="", how_it_ended="They were found.")  # fmt: skip
    police = Tried("emergency", "refused", "Kent Police", "KP-99", "Asked for a supervisor; then Mo Smith.")
    add_contact(again(case), staff, police)
    make_sheet(
        again(case), staff, to_whom="Kent control room", why_now="Now.", chosen=["what_they_said"], contact=["phone"]
    )
    wish = Asked(reason="They do not answer.", basis="vital", mail=True)
    open_disclosure(approve_disclosure(ask_disclosure(again(case), staff, wish), other_staff), staff)
    row = decided(staff, other_staff, fields=dict.fromkeys(chosen, "The coroner asks."))
    said = words_of(read(row, staff, "pdf")["case.pdf"])
    for words in ("A child next door.", "They agreed", "A life was in danger.", "They were found.", "Incident number KP-99",
                  "Refused", "Kent control room", "Telephone", "Contact details were opened", "the e-mail address",
                  "They did not speak of it, or we do not know"):  # fmt: skip
        assert words in said, words
    assert "Smith" not in said and "Rang [left out]." in said
    assert "robin@harbour.test" not in said and "Now." not in said, "what it said is not in it: only that it was given"


def test_what_staff_marked_as_other_peoples_details_is_given_only_where_that_was_asked_for(case, staff, other_staff):
    write_record(case, staff, what_we_did="Rang Mo Smith.", left_out="Mo Smith")
    row = decided(staff, other_staff, fields=dict.fromkeys(["record_did", "record_whole"], "The coroner asks."))
    assert "Rang Mo Smith." in words_of(read(row, staff, "pdf")["case.pdf"])


@pytest.mark.parametrize(("words", "drawn"), [
    ("ŵ ŷ â ï", "ŵ ŷ â ï"), ("💙", "[blue heart]"), ("a\tb", "a b"), ("👩‍👧", "[woman][girl]"), ("a\nb", "a\nb"), ("\u202e", ""),
])  # fmt: skip
def test_what_the_typeface_lacks_is_called_by_its_name(words, drawn):
    assert legible(words) == drawn


@pytest.mark.parametrize("stage", ["asked", "proposed", "refused"])
def test_there_is_no_file_without_a_decision_to_give(as_, case, staff, other_staff, stage):
    make = {"asked": a_request, "proposed": proposed, "refused": lambda who: decided(who, other_staff, NOTHING, {})}
    row = make[stage](staff)
    with pytest.raises(NotAllowed):
        make_file(row, staff, "pdf")
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestFile.objects.create(
            request=row, kind="pdf", digest="0", made_by=staff, expires_at=timezone.now() + timedelta(days=1)
        )
    assert as_(staff).post(f"/staff/requests/{row.pk}/", {"do": "file", "kind": "pdf"}).status_code == 422


def test_a_kind_of_file_that_is_none_is_refused(case, staff, other_staff):
    with pytest.raises(Missing):
        make_file(decided(staff, other_staff), staff, "xlsx")


def test_it_is_taken_once_behind_a_fresh_sign_in_and_both_are_kept(puffin, case, staff, other_staff):
    row = decided(staff, other_staff)
    assert puffin.post(f"/staff/requests/{row.pk}/", {"do": "file", "kind": "pdf"}).status_code == 303
    link = f"/staff/requests/{row.pk}/files/{RequestFile.objects.get().pk}/"
    assert link in puffin.get(f"/staff/requests/{row.pk}/").text
    answer = puffin.post(link)
    assert answer["Content-Type"] == "application/zip" and answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="request-{row.pk}.zip"'
    assert set(opened(answer.content)) == {"cover.pdf", "case.pdf"}
    again_pressed = puffin.post(link)
    assert again_pressed.status_code == 410 and "each works once" in again_pressed.text
    assert RequestFile.objects.get().archive is None
    steps = list(RequestEvent.objects.filter(what__startswith="file").values_list("what", "by__handle"))
    assert steps == [("file_made", "puffin"), ("file_taken", "puffin")]
    said = CaseEvent.objects.filter(action="register").values_list("said__words", flat=True)
    assert f"request {row.pk}: file_taken" in said


def test_it_asks_who_it_is_first(as_, case, staff, other_staff):
    row = decided(staff, other_staff)
    file = make_file(row, staff, "pdf")
    answer = as_(staff).post(f"/staff/requests/{row.pk}/files/{file.pk}/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert fresh(file).taken_at is None
    assert as_(staff).get(f"/staff/requests/{row.pk}/files/{file.pk}/").status_code == 405


def test_nobody_takes_what_somebody_else_made(puffin, as_, case, staff, other_staff, moderator):
    row = decided(staff, other_staff)
    file = make_file(row, other_staff, "pdf")
    assert puffin.post(f"/staff/requests/{row.pk}/files/{file.pk}/").status_code == 404
    assert as_(moderator).post(f"/staff/requests/{row.pk}/files/{file.pk}/").status_code == 404
    assert take_file(row, staff, file.pk) is None
    assert take_file(row, other_staff, file.pk)


def test_after_a_day_it_is_gone_and_another_can_be_made(case, staff, other_staff, time_machine):
    row = decided(staff, other_staff)
    file = make_file(row, staff, "pdf")
    time_machine.move_to(timezone.now() + timedelta(hours=24), tick=False)
    with pytest.raises(FileOver):
        take_file(row, staff, file.pk)
    assert retention.forget("request_files") == 1 and fresh(file).archive is None
    assert retention.forget("request_files") == 0
    assert take_file(row, staff, make_file(row, staff, "html").pk)


def test_it_is_sealed_where_it_waits(case, staff, other_staff):
    file = make_file(decided(staff, other_staff), staff, "html")
    kept = bytes(fresh(file).archive)
    assert not zipfile.is_zipfile(io.BytesIO(kept)) and b"case.html" not in kept


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_take_it_once(case, staff, other_staff, at_once):
    row = decided(staff, other_staff)
    file = make_file(row, staff, "pdf")
    results = at_once(*[lambda: take_file(row, staff, file.pk)] * 2)
    assert sorted(type(each).__name__ for each in results) == ["FileTaken", "bytes"]
    assert RequestEvent.objects.filter(what="file_taken").count() == 1
    with pytest.raises(FileTaken):
        take_file(row, staff, file.pk)


def test_when_it_was_given_the_file_can_still_be_made_again(case, staff, other_staff):
    row = hand_over(decided(staff, other_staff), staff, "By hand.")
    assert read(row, staff, "pdf")
