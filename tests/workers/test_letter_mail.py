"""A signed letter leaves by e-mail with its PDF, once to each addressee who has an address."""

import pytest
from flask import Flask
from sqlalchemy import select

from campaign import clock
from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.db import db
from campaign.documents.papers import PaperFormat, PaperNotReady, store_paper
from campaign.errors import Invalid, NotAllowed
from campaign.jobs import Job, JobName
from campaign.letters import drafting, mailing, queries, services
from campaign.letters.handover import HandoverKind
from campaign.letters.lifecycle import LetterState
from campaign.letters.mail_models import LetterMail, LetterMailState
from campaign.letters.models import Letter
from campaign.transaction import transaction
from tests.builders.actors import actor_with
from tests.builders.events import make_campaign
from tests.builders.letters import letter_change, make_letter
from tests.builders.mail import MailServer
from tests.builders.registry import make_city
from workers.letters import send_letters

PDF = b"%PDF-1.7 a signed letter\n"
ADDRESSEES = (
    "Puskesmas Contoh | Medono | satu@contoh.example\nCamat Contoh | Barat | dua@contoh.example\nLurah | Medono"
)


@pytest.fixture
def letter_id(real_app: Flask, sent: list[Job]) -> int:
    """A signed and printed letter to two who have an address and one who has none."""
    with transaction(sent.append):
        letter = make_letter(make_campaign(make_city()))
        drafting.change_letter(SYSTEM, letter_change(letter, addressees=ADDRESSEES))
        services.approve_letter(SYSTEM, letter.letter_id, letter.revision)
        services.number_letter(SYSTEM, letter.letter_id, None)
        _print(letter, b"%PDF-1.7 a draft")
        services.sign_letter(SYSTEM, letter.letter_id)
        _print(letter, PDF)
        letter_id = letter.letter_id
    sent.clear()
    return letter_id


def _print(letter: Letter, content: bytes) -> None:
    store_paper(queries.printed(letter)[PaperFormat.PDF].paper_id, content)


def _letter(letter_id: int) -> Letter:
    db.session.remove()
    return queries.letter(letter_id)


def _ask(letter_id: int, *positions: int) -> int:
    people = _letter(letter_id).addressees
    ids = [people[position].letter_addressee_id for position in positions]
    db.session.remove()
    with transaction(lambda job: None):
        return mailing.ask_mail(SYSTEM, letter_id, ids)


def _states() -> list[LetterMailState]:
    db.session.remove()
    return list(db.session.scalars(select(LetterMail.state).order_by(LetterMail.letter_mail_id)))


def test_each_gets_the_letter_once_with_its_pdf_and_the_list_shows_it(letter_id: int, mail: MailServer) -> None:
    assert _ask(letter_id, 0, 1) == 2
    assert _ask(letter_id, 0, 1) == 0
    send_letters()
    assert _ask(letter_id, 0) == 0
    send_letters()
    assert sorted(str(message["To"]) for message in mail.messages) == ["dua@contoh.example", "satu@contoh.example"]
    [enclosed] = list(mail.messages[0].iter_attachments())
    assert (enclosed.get_content_type(), enclosed.get_content()) == ("application/pdf", PDF)
    found = _letter(letter_id)
    assert [[done.kind for done in one.handovers] for one in found.addressees] == [[HandoverKind.SENT]] * 2 + [[]]
    assert found.state is LetterState.SENT


def test_a_refusal_is_a_failed_handover_and_may_be_sent_again(letter_id: int, mail: MailServer) -> None:
    mail.answers = ["451 busy"]
    _ask(letter_id, 0)
    send_letters()
    assert _states() == [LetterMailState.WAITING]
    mail.answers = ["550 no"]
    send_letters()
    assert _states() == [LetterMailState.REJECTED]
    assert [done.kind for done in _letter(letter_id).addressees[0].handovers] == [HandoverKind.FAILED]
    assert _ask(letter_id, 0) == 1
    send_letters()
    assert _states() == [LetterMailState.REJECTED, LetterMailState.SENT]


def test_a_mail_whose_worker_died_is_unknown_and_not_sent_again_by_itself(letter_id: int, mail: MailServer) -> None:
    _ask(letter_id, 0)
    with transaction(lambda job: None):
        assert mailing.claim_next() is not None
    with clock.standing_at(clock.now() + mailing.CLAIM_LASTS * 2):
        send_letters()
    assert (_states(), mail.messages) == ([LetterMailState.UNKNOWN], [])


def test_a_letter_that_was_replaced_meanwhile_stays_here(letter_id: int, mail: MailServer) -> None:
    _ask(letter_id, 0)
    with transaction(lambda job: None):
        queries.locked(letter_id).state = LetterState.REPLACED
    send_letters()
    assert (_states(), mail.messages) == ([LetterMailState.REJECTED], [])


def test_all_that_is_wrong_with_a_choice_is_told_at_once(letter_id: int) -> None:
    with pytest.raises(Invalid) as error:
        _ask(letter_id, 0, 2)
    assert [one.code for one in error.value.mistakes] == ["addressee-without-email"]
    with pytest.raises(Invalid) as nobody:
        _ask(letter_id)
    assert [one.code for one in nobody.value.mistakes] == ["choose-somebody"]
    assert _states() == []


def test_what_is_not_printed_yet_or_not_ours_to_send_stays_here(letter_id: int, sent: list[Job]) -> None:
    with pytest.raises(NotAllowed), transaction(sent.append):
        mailing.ask_mail(actor_with(Role.VIEWER), letter_id, [])
    with transaction(sent.append):
        unprinted = services.replace_letter(SYSTEM, letter_id)
        services.approve_letter(SYSTEM, unprinted.letter_id, unprinted.revision)
        services.number_letter(SYSTEM, unprinted.letter_id, None)
        services.sign_letter(SYSTEM, unprinted.letter_id)
        unprinted_id = unprinted.letter_id
    with pytest.raises(PaperNotReady):
        _ask(unprinted_id, 0)


def test_asking_sends_a_job(letter_id: int, sent: list[Job]) -> None:
    ids = [_letter(letter_id).addressees[0].letter_addressee_id]
    db.session.remove()
    with transaction(sent.append):
        mailing.ask_mail(SYSTEM, letter_id, ids)
    assert sent == [Job(JobName.SEND_LETTERS)]
