"""Letters and meetings in the browser: written, approved, numbered, signed, verified by anybody, handed over."""

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.accounts.roles import Role
from campaign.events import queries as events
from campaign.letters import queries
from campaign.letters.kinds import LetterKind
from campaign.letters.lifecycle import LetterState
from tests.builders.events import make_campaign
from tests.builders.letters import make_letter, make_meeting, make_signed_letter
from tests.builders.logistics import make_office
from tests.builders.registry import DISTRICT, KECAMATAN, OTHER_KECAMATAN, make_city
from tests.web.conftest import Visit

Arranging = Callable[[], Any]
PNG = b"\x89PNG\r\n\x1a\n" + b"contoh"


def _key() -> str:
    return uuid4().hex


@pytest.fixture
def campaign_id(arranging: Arranging) -> int:
    """Return a draft campaign of the small city."""
    with arranging():
        make_office()
        return make_campaign(make_city()).campaign_id


def _fields(page: str) -> dict[str, str]:
    """Return what the letter's form holds, with somebody who signs."""
    values = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page))
    areas = dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\r?\n?(.*?)</textarea>', page, re.DOTALL))
    return values | areas | {"nature": "important", "name": "dr. Contoh", "key": _key()}


def test_a_letter_goes_its_whole_way(visit: Visit, campaign_id: int) -> None:
    planner, head = visit(Role.PLANNER, area_code=DISTRICT), visit(Role.HEAD, area_code=DISTRICT)
    home = f"/campaigns/{campaign_id}/letters"
    assert f'href="{home}"' in planner.get(f"/campaigns/{campaign_id}").text
    address = planner.post(home, data={"kind": "notice", "kecamatan_code": "", "key": _key()}).location
    page = planner.get(address).text
    assert planner.post(address, data=_fields(page)).location == address
    assert planner.post(f"{address}/approve", data={"revision": "2"}).status_code == 403
    assert head.post(f"{address}/approve", data={"revision": "2"}).location == address
    assert planner.post(f"{address}/sign").status_code == 403
    assert "Isi dulu sebelum ditandatangani." in head.post(f"{address}/sign").text  # it has no number yet
    planner.post(f"{address}/number", data={"number": "", "key": _key()})
    assert head.post(f"{address}/sign").location == address
    letter = queries.letters_of(SYSTEM, campaign_id)[0]
    assert (letter.state, letter.number) == (LetterState.SIGNED, "400/0001-P2KB/2027")
    assert "Simpan konsep" not in planner.get(address).text


def test_two_presses_begin_one_letter(visit: Visit, campaign_id: int) -> None:
    planner, form = visit(Role.PLANNER), {"kind": "decree", "kecamatan_code": "", "key": _key()}
    first = planner.post(f"/campaigns/{campaign_id}/letters", data=form).location
    assert planner.post(f"/campaigns/{campaign_id}/letters", data=form).location == first


def test_what_is_wrong_with_a_draft_comes_back_with_what_was_typed(
    visit: Visit, campaign_id: int, arranging: Arranging
) -> None:
    with arranging():
        letter_id = make_letter_of(campaign_id).letter_id
    planner = visit(Role.PLANNER)
    fields = _fields(planner.get(f"/letters/{letter_id}").text) | {"addressees": "x | y | bukan-surel", "nip": "12"}
    answer = planner.post(f"/letters/{letter_id}", data=fields)
    assert answer.status_code == 422
    assert "Baris 1: alamat surel tidak benar." in answer.text
    assert "NIP terdiri atas 18 angka." in answer.text
    assert "bukan-surel</textarea>" in answer.text


def make_letter_of(campaign_id: int, kind: LetterKind = LetterKind.NOTICE, **changes: object) -> Any:
    """Draft a letter of a campaign that is known by its id."""
    return make_letter(events.campaign(campaign_id), kind, **changes)


def test_anybody_may_verify_a_signed_letter_and_learns_nothing_else(
    visit: Visit, campaign_id: int, arranging: Arranging
) -> None:
    with arranging():
        signed = make_signed_letter(events.campaign(campaign_id))
        draft = make_letter(events.campaign(campaign_id))
        token, number, hidden = signed.public_token, signed.number, draft.public_token
    nobody = visit()
    page = nobody.get(f"/v/{token}")
    assert page.status_code == 200
    assert number in page.text
    assert "Kepala Puskesmas" not in page.text
    assert [nobody.get(f"/v/{one}").status_code for one in (hidden, "nothing")] == [404, 404]


def test_a_courier_brings_back_a_photo_that_only_the_office_may_open(
    visit: Visit, campaign_id: int, arranging: Arranging
) -> None:
    with arranging():
        letter = make_signed_letter(events.campaign(campaign_id))
        letter_id, first = letter.letter_id, letter.addressees[0].letter_addressee_id
    planner = visit(Role.PLANNER)
    form = {
        "addressee_ids": str(first), "kind": "received", "channel": "courier", "happened_on": "2027-06-01",
        "receiver": "Petugas contoh", "note": "", "key": _key(), "file": (io.BytesIO(PNG), "tanda terima.png"),
    }  # fmt: skip
    assert planner.post(f"/letters/{letter_id}/handovers", data=form).status_code == 302
    page = planner.get(f"/letters/{letter_id}").text
    receipt = re.search(r"/letters/\d+/receipts/\d+", page)
    assert receipt is not None
    assert planner.get(receipt[0]).data == PNG
    assert visit(Role.CADRE, area_code=KECAMATAN).get(receipt[0]).status_code == 403


def test_a_meeting_is_called_held_and_closed(visit: Visit, campaign_id: int) -> None:
    planner = visit(Role.PLANNER)
    form = {
        "kind": "coordination", "title": "Rapat Koordinasi", "meets_on": "2027-06-01", "starts_at": "09:00",
        "ends_at": "", "place": "Aula", "agenda": "Jadwal", "invitees": "Camat Barat | Barat", "key": _key(),
    }  # fmt: skip
    address = planner.post(f"/campaigns/{campaign_id}/meetings/new", data=form).location
    page = planner.get(address).text
    refused = planner.post(f"{address}/close")
    assert refused.status_code == 422
    assert "Tulis notulennya lebih dulu." in refused.text
    invitee = re.search(r'name="came" value="(\d+)"', page)
    assert invitee is not None
    planner.post(f"{address}/presence", data={"came": invitee[1], "unasked": "Lurah Medono", "key": _key()})
    planner.post(f"{address}/minutes", data={"text": "Jadwal disepakati.", "key": _key()})
    agreement = {"task": "Siapkan ruang", "who": "Puskesmas", "due_on": "", "key": _key()}
    planner.post(f"{address}/agreements", data=agreement)
    assert planner.post(f"{address}/close").location == address
    assert "2 dari 2 hadir" in planner.get(address).text
    assert "Siapkan ruang" in planner.get(f"/campaigns/{campaign_id}/meetings").text


def test_a_meeting_makes_its_own_invitation_once(visit: Visit, campaign_id: int, arranging: Arranging) -> None:
    with arranging():
        meeting_id = make_meeting(events.campaign(campaign_id)).meeting_id
    planner = visit(Role.PLANNER)
    first = planner.post(f"/meetings/{meeting_id}/letter").location
    assert planner.post(f"/meetings/{meeting_id}/letter").location == first
    assert "Camat Barat" in planner.get(first).text


def test_an_administrator_changes_the_text_that_letters_begin_with(visit: Visit, campaign_id: int) -> None:
    administrator = visit(Role.ADMINISTRATOR)
    form = {"subject": "Kabar {kampanye}", "classification": "476", "body": "Isi {tidak_ada}", "key": _key()}
    refused = administrator.post("/letters/texts/notice", data=form)
    assert refused.status_code == 422
    assert "tidak_ada" in refused.text
    assert administrator.post("/letters/texts/notice", data=form | {"body": "Isi {kota}"}).status_code == 302
    assert "kantor ini" in administrator.get("/letters/texts").text
    assert visit(Role.PLANNER).get("/letters/texts").status_code == 200


def test_the_arms_of_the_city_are_a_small_picture(visit: Visit, campaign_id: int) -> None:
    administrator = visit(Role.ADMINISTRATOR)
    for name, content in (("lambang.pdf", b"%PDF-1.7"), ("besar.png", PNG + bytes(300_001))):
        form = {"key": _key(), "logo": (io.BytesIO(content), name)}
        assert administrator.post("/documents/office/logo", data=form).status_code == 422
    form = {"key": _key(), "logo": (io.BytesIO(PNG), "lambang.png")}
    assert administrator.post("/documents/office/logo", data=form).status_code == 303
    assert "Unggah lagi untuk mengganti" in administrator.get("/documents/office").text


def test_the_head_is_told_what_waits_for_a_signature(visit: Visit, campaign_id: int, arranging: Arranging) -> None:
    with arranging():
        letter_id = make_letter_of(campaign_id).letter_id
    assert f'href="/letters/{letter_id}"' in visit(Role.HEAD, area_code=DISTRICT).get("/").text
    assert f'href="/letters/{letter_id}"' not in visit(Role.HEAD, area_code=OTHER_KECAMATAN).get("/").text


def test_a_letter_that_is_not_printed_yet_is_not_mailed(visit: Visit, campaign_id: int, arranging: Arranging) -> None:
    with arranging():
        letter_id = make_letter_of(campaign_id).letter_id
    client = visit(Role.PLANNER, area_code=DISTRICT)
    assert client.post(f"/letters/{letter_id}/mails").status_code == 422
    assert "Kirim surel" not in client.get(f"/letters/{letter_id}").text
