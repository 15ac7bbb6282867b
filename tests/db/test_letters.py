"""Letters: written from the data, signed once, never changed, handed over with proof."""

import io
import os
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InternalError

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.documents.papers import PaperFormat, PaperKind
from campaign.errors import Invalid, NotAllowed
from campaign.letters import drafting, papers, queries, services, team, texts
from campaign.letters.drafting import LetterChanged
from campaign.letters.handover import HandoverKind
from campaign.letters.kinds import LetterKind
from campaign.letters.lifecycle import SIGNED_BASIS, LetterMoveRefused, LetterState
from campaign.letters.meeting_papers import prepare as prepare_meeting_paper
from campaign.letters.models import Letter
from campaign.letters.queries import UnknownLetter
from campaign.letters.texts import TextChange
from campaign.progress import probes
from tests.builders.candidates import Wish, make_candidate
from tests.builders.events import make_campaign
from tests.builders.letters import (
    SIGNER,
    handing,
    key,
    letter_change,
    make_held_meeting,
    make_letter,
    make_meeting,
    make_signed_letter,
)
from tests.builders.logistics import make_office
from tests.builders.registry import DISTRICT, KECAMATAN, KELURAHAN, City, make_city
from tests.builders.sop import person

pytestmark = pytest.mark.usefixtures("open_transaction")

SITE = "https://serempak.invalid"


@pytest.fixture
def city() -> City:
    make_office()
    return make_city()


def _pdf(letter: Letter) -> str:
    content = papers.prepare_pdf(PaperKind.LETTER, letter.letter_id, SITE)()
    _keep(content, "pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def _keep(content: bytes, ending: str) -> None:
    """Keep the file for looking at, where whoever runs the tests asks for it."""
    if folder := os.environ.get("KEEP_PAPERS"):
        name = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition("::")[2].partition(" ")[0]
        (Path(folder) / f"{name}.{ending}".replace("/", "-")).write_bytes(content)


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind is not LetterKind.MEETING_INVITATION])
def test_every_kind_of_letter_prints_as_pdf_and_word(city: City, kind: LetterKind) -> None:
    campaign = make_campaign(city)
    team.save_team(SYSTEM, campaign.campaign_id, "Ketua | dr. Contoh | Dinas\nAnggota | Bidan Contoh | Puskesmas")
    for _ in range(3):
        make_candidate(campaign.campaign_id, Wish())
    letter = make_signed_letter(campaign, kind, kecamatan_code=KECAMATAN)
    said = _pdf(letter)
    word = papers.prepare_word(PaperKind.LETTER, letter.letter_id, SITE)()
    _keep(word, "docx")
    assert letter.number is not None
    assert letter.number in said
    assert "dr. Contoh Penanda" in said
    assert "KONSEP" not in said
    written = "\n".join(one.text for one in Document(io.BytesIO(word)).paragraphs)
    assert "dr. Contoh Penanda" in written


def test_a_draft_says_that_it_is_one(city: City) -> None:
    assert "KONSEP" in _pdf(make_letter(make_campaign(city)))


def test_facts_of_the_campaign_are_filled_in(city: City) -> None:
    letter = make_letter(make_campaign(city, name="Momentum Contoh"))
    assert "Momentum Contoh" in letter.subject
    assert "15 Juni 2027" in letter.body
    assert "{" not in letter.body


def test_the_same_key_gives_the_same_letter(city: City) -> None:
    campaign = make_campaign(city)
    first = make_letter(campaign, key="one-key")
    assert make_letter(campaign, key="one-key").letter_id == first.letter_id


def test_a_letter_invites_those_whom_the_meeting_asks(city: City) -> None:
    campaign = make_campaign(city)
    meeting = make_meeting(campaign)
    letter = make_letter(campaign, LetterKind.MEETING_INVITATION, meeting_id=meeting.meeting_id)
    assert [one.name for one in letter.addressees] == ["Camat Barat", "Kepala Puskesmas Contoh"]
    assert "09.00 s.d. 11.00" in letter.body


def test_a_change_of_what_somebody_else_just_changed_is_refused(city: City) -> None:
    letter = make_letter(make_campaign(city))
    stale = letter_change(letter)
    drafting.change_letter(SYSTEM, stale)
    with pytest.raises(LetterChanged):
        drafting.change_letter(SYSTEM, stale)


def test_every_mistake_of_a_change_is_told_at_once(city: City) -> None:
    letter = make_letter(make_campaign(city))
    wrong = letter_change(letter, subject=" ", body="{rapat}", addressees=" | x")
    with pytest.raises(Invalid) as refused:
        drafting.change_letter(SYSTEM, wrong)
    assert {one.code for one in refused.value.mistakes} == {"text-length", "unfilled-placeholder", "line-without-name"}


def test_a_letter_is_signed_only_when_approved_with_number_and_name(city: City) -> None:
    letter = make_letter(make_campaign(city))
    with pytest.raises(LetterMoveRefused):
        services.sign_letter(SYSTEM, letter.letter_id)
    drafting.change_letter(SYSTEM, letter_change(letter, signer=SIGNER.__class__("", "Kepala Dinas", "", "", "")))
    services.approve_letter(SYSTEM, letter.letter_id, letter.revision)
    with pytest.raises(Invalid) as refused:
        services.sign_letter(SYSTEM, letter.letter_id)
    assert {one.where for one in refused.value.mistakes} == {"number", "name"}


def test_what_was_approved_is_what_was_read(city: City) -> None:
    letter = make_letter(make_campaign(city))
    drafting.change_letter(SYSTEM, letter_change(letter))
    with pytest.raises(LetterChanged):
        services.approve_letter(SYSTEM, letter.letter_id, letter.revision - 1)


@pytest.mark.parametrize(
    "change",
    ["UPDATE letter SET body = 'lain' WHERE letter_id = :id", "DELETE FROM letter_addressee WHERE letter_id = :id"],
)
def test_a_signed_letter_cannot_be_changed_even_by_the_owner_of_the_database(city: City, change: str) -> None:
    letter = make_signed_letter(make_campaign(city))
    with pytest.raises((InternalError, IntegrityError), match="is signed"), db.session.begin_nested():
        db.session.execute(text(change), {"id": letter.letter_id})


def test_a_signed_letter_prints_what_was_true_when_it_was_signed(city: City) -> None:
    campaign = make_campaign(city)
    first = make_candidate(campaign.campaign_id, Wish())
    letter = make_signed_letter(campaign, LetterKind.CANDIDATE_LIST, kecamatan_code=KECAMATAN)
    later = make_candidate(campaign.campaign_id, Wish())
    said = _pdf(letter)
    assert first.name in said
    assert later.name not in said


def test_a_new_version_replaces_the_old_one_when_it_is_signed(city: City) -> None:
    old = make_signed_letter(make_campaign(city))
    new = services.replace_letter(SYSTEM, old.letter_id)
    assert services.replace_letter(SYSTEM, old.letter_id).letter_id == new.letter_id
    assert (old.state, new.number, new.version) == (LetterState.SIGNED, old.number, 2)
    services.approve_letter(SYSTEM, new.letter_id, new.revision)
    services.sign_letter(SYSTEM, new.letter_id)
    assert queries.letter(old.letter_id).state is LetterState.REPLACED
    assert queries.by_token(old.public_token) is not None


def test_a_number_belongs_to_one_letter(city: City) -> None:
    campaign = make_campaign(city)
    first, second = make_letter(campaign), make_letter(campaign)
    services.number_letter(SYSTEM, first.letter_id, "400/0007-P2KB/2027")
    with pytest.raises(Invalid) as refused:
        services.number_letter(SYSTEM, second.letter_id, "400/0007-P2KB/2027")
    assert [one.code for one in refused.value.mistakes] == ["letter-number-used"]
    services.drop_letter(SYSTEM, first.letter_id)
    assert services.number_letter(SYSTEM, second.letter_id, "400/0007-P2KB/2027").number == "400/0007-P2KB/2027"


def test_a_drawn_number_passes_over_one_that_was_typed(city: City) -> None:
    campaign = make_campaign(city)
    services.number_letter(SYSTEM, make_letter(campaign).letter_id, "400/0001-P2KB/2027")
    assert services.number_letter(SYSTEM, make_letter(campaign).letter_id, None).number == "400/0002-P2KB/2027"


def test_planners_write_and_the_head_signs(city: City) -> None:
    letter = make_letter(make_campaign(city))
    planner, head = person(Role.PLANNER, DISTRICT), person(Role.HEAD, DISTRICT)
    with pytest.raises(NotAllowed):
        services.approve_letter(planner, letter.letter_id, letter.revision)
    with pytest.raises(NotAllowed):
        services.number_letter(head, letter.letter_id, None)
    assert services.approve_letter(head, letter.letter_id, letter.revision).state is LetterState.APPROVED


def test_a_field_officer_writes_and_signs_the_letters_of_the_own_kecamatan_alone(city: City) -> None:
    campaign, officer = make_campaign(city), person(Role.FIELD_OFFICER, KECAMATAN)
    with pytest.raises(NotAllowed):
        drafting.draft_letter(officer, drafting.NewLetter(key(), campaign.campaign_id, LetterKind.NOTICE))
    new = drafting.NewLetter(key(), campaign.campaign_id, LetterKind.SUBMISSION, KECAMATAN)
    letter = drafting.draft_letter(officer, new)
    assert services.approve_letter(officer, letter.letter_id, letter.revision).state is LetterState.APPROVED


def test_a_letter_with_names_is_hidden_from_who_may_not_read_names(city: City) -> None:
    campaign = make_campaign(city)
    letter = make_letter(campaign, LetterKind.CANDIDATE_LIST, kecamatan_code=KECAMATAN)
    warehouse, cadre = person(Role.WAREHOUSE, DISTRICT), person(Role.CADRE, KELURAHAN)
    for actor in (warehouse, cadre):
        with pytest.raises(UnknownLetter):
            queries.visible_letter(actor, letter.letter_id)
    assert queries.letters_of(warehouse, campaign.campaign_id) == []
    assert queries.visible_letter(person(Role.FIELD_OFFICER, KECAMATAN), letter.letter_id) == letter


def test_a_handover_is_written_once_however_often_it_is_sent(city: City) -> None:
    letter = make_signed_letter(make_campaign(city))
    once = handing(letter)
    services.record_handover(SYSTEM, once)
    services.record_handover(SYSTEM, once)
    assert [len(one.handovers) for one in letter.addressees] == [1] * len(letter.addressees)
    assert letter.state is LetterState.SENT
    assert queries.unconfirmed(letter) == []


def test_a_handover_needs_somebody_who_took_it_and_a_day_that_was(city: City) -> None:
    letter = make_signed_letter(make_campaign(city))
    wrong = handing(letter, receiver="", happened_on=date(2027, 6, 30), addressee_ids=(), file=("x.exe", b"MZ"))
    with pytest.raises(Invalid) as refused:
        services.record_handover(SYSTEM, wrong)
    assert {one.code for one in refused.value.mistakes} == {
        "attachment-kind",
        "choose-somebody",
        "handover-day",
        "handover-receiver",
    }


def test_notices_are_given_out_when_everybody_has_confirmed(city: City) -> None:
    campaign = make_campaign(city)
    letter = make_signed_letter(campaign)
    first, *others = [one.letter_addressee_id for one in letter.addressees]
    services.record_handover(SYSTEM, handing(letter, addressee_ids=(first,)))
    services.record_handover(SYSTEM, handing(letter, addressee_ids=tuple(others), kind=HandoverKind.SENT, receiver=""))
    found = probes.letters_sent(campaign.campaign_id)
    assert found is not None
    assert (found.done, found.completed_at) == (1, None)
    services.record_handover(SYSTEM, handing(letter, addressee_ids=tuple(others)))
    found = probes.letters_sent(campaign.campaign_id)
    assert found is not None
    assert found.completed_at is not None


def test_a_coordination_meeting_counts_once_it_is_closed_with_minutes(city: City) -> None:
    campaign = make_campaign(city)
    make_meeting(campaign)
    assert probes.meetings_held(campaign.campaign_id) is None
    meeting = make_held_meeting(campaign)
    found = probes.meetings_held(campaign.campaign_id)
    assert found is not None
    assert found.completed_at == meeting.held_at


@pytest.mark.parametrize("kind", [PaperKind.MEETING_ATTENDANCE, PaperKind.MEETING_MINUTES])
def test_the_papers_of_a_meeting_name_its_guests(city: City, kind: PaperKind) -> None:
    meeting = make_held_meeting(make_campaign(city))
    content = prepare_meeting_paper(kind, meeting.meeting_id, SITE)()
    _keep(content, "pdf")
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "Camat Barat" in said
    assert ("Kepala Puskesmas Contoh" in said) is (kind is PaperKind.MEETING_ATTENDANCE)


def test_the_text_of_the_office_replaces_ours_for_new_letters(city: City) -> None:
    campaign = make_campaign(city)
    before = make_letter(campaign)
    texts.save_text(SYSTEM, TextChange(LetterKind.NOTICE, "Kabar {kampanye}", "Isi {kota}", "476"))
    after = make_letter(campaign)
    assert before.classification == "400"
    assert (after.classification, after.subject) == ("476", f"Kabar {campaign.name}")


def test_a_text_that_asks_for_what_nobody_knows_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        texts.save_text(SYSTEM, TextChange(LetterKind.NOTICE, "{metode}", "{nik}", ""))
    assert sorted(one.code for one in refused.value.mistakes) == [
        "text-length",
        "unknown-placeholder",
        "unknown-placeholder",
    ]


def test_a_letter_asks_for_pdf_and_word_and_keeps_one_of_each_while_nothing_changes(city: City) -> None:
    letter = make_signed_letter(make_campaign(city))
    before = queries.printed(letter)
    papers.ask_letter(letter)
    assert set(before) == {PaperFormat.PDF, PaperFormat.DOCX}
    assert {one.paper_id for one in queries.printed(letter).values()} == {one.paper_id for one in before.values()}


def test_a_letter_signed_before_its_draft_was_printed_gets_papers_of_its_own(city: City) -> None:
    letter = make_signed_letter(make_campaign(city))
    assert {paper.basis for paper in queries.printed(letter).values()} == {f"{SIGNED_BASIS}{letter.letter_id}"}
