"""Cards about letters: what waits for a signature, and who has not confirmed one."""

from flask_babel import gettext

from campaign import i18n
from campaign.accounts.policy import Actor, Permission, reach
from campaign.letters import queries
from campaign.letters.models import Letter
from campaign.web import guard
from campaign.web.cards.card import Card, Task


def letters_to_sign(actor: Actor) -> Card:
    """Letters that wait for the reader's approval or signature, oldest first."""
    found = queries.waiting_for_signature(reach(actor, Permission.SIGN_LETTERS))
    tasks = tuple(_task(one, i18n.word(one.state)) for one in found)
    empty = gettext("Tidak ada surat yang menunggu tanda tangan.")
    return Card(gettext("Surat untuk ditandatangani"), "pen", len(found), tasks, empty)


def letters_unconfirmed(actor: Actor) -> Card:
    """Signed letters that somebody has not confirmed."""
    found = queries.unconfirmed_letters(reach(actor, Permission.WRITE_LETTERS))
    tasks = tuple(
        _task(one, gettext("%(count)s alamat belum mengonfirmasi", count=i18n.number(len(queries.unconfirmed(one)))))
        for one in found
    )
    empty = gettext("Semua surat sudah dikonfirmasi.")
    return Card(gettext("Surat belum dikonfirmasi"), "envelope-check", len(found), tasks, empty)


def _task(letter: Letter, note: str) -> Task:
    return Task(letter.subject, note, guard.address("letters.letter", letter_id=letter.letter_id))
