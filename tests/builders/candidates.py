"""Synthetic candidates of a campaign."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from campaign import clock
from campaign.db import db
from campaign.outreach.candidates import CandidateRow
from campaign.outreach.models import Candidate, CandidateSource, CandidateState, Channel
from campaign.privacy import vault
from tests.builders.registry import KELURAHAN

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a made-up candidate wants; the rest of the person does not matter."""

    kelurahan_code: str = KELURAHAN
    method_code: str = "iud"
    is_poor: bool = False
    free_dates: tuple[date, ...] | None = None
    channel: Channel = Channel.EMAIL
    state: CandidateState = CandidateState.LISTED


def synthetic_nik(number: int) -> str:
    """Return a NIK that nobody has: there is no kecamatan 99."""
    serial = 9000 + number
    return f"337599{45:02d}07{90 - serial // 10_000 % 40}{serial % 10_000:04d}"  # 5 July 1990 or before, a woman


def make_candidate(campaign_id: int, wish: Wish | None = None) -> Candidate:
    """Add a candidate with NIK, phone and e-mail, all synthetic."""
    wish = wish or Wish()
    number = next(_numbers)
    nik, phone = synthetic_nik(number), f"+62890000{number:05d}"
    candidate = Candidate(
        campaign_id=campaign_id,
        list_key=f"{wish.kelurahan_code}/{number:04d}",
        source=CandidateSource.LIST,
        state=wish.state,
        kelurahan_code=wish.kelurahan_code,
        method_code=wish.method_code,
        name=f"Calon Contoh {number}",
        address="RT 01 RW 02",
        nik=nik,
        nik_print=vault().fingerprint(nik),
        phone=phone,
        phone_print=vault().fingerprint(phone),
        email=f"calon{number}@contoh.example",
        channel=wish.channel,
        may_be_messaged=True,
        is_poor=wish.is_poor,
        poor_source="DTSEN" if wish.is_poor else None,
        free_dates=None if wish.free_dates is None else list(wish.free_dates),
        language="id",
        created_at=clock.now(),
    )
    db.session.add(candidate)
    db.session.flush()
    return candidate


def candidate_row(number: int, **changes: object) -> CandidateRow:
    """Return line `number` of a kelurahan's list, as register_candidates takes it."""
    values: dict[str, object] = {
        "list_key": f"{KELURAHAN}/{number:03d}",
        "kelurahan_code": KELURAHAN,
        "method_code": "iud",
        "name": f"Calon Contoh {number}",
        "address": "RT 01 RW 02",
        "channel": Channel.MESSAGE,
        "nik": synthetic_nik(number),
        "phone": f"0890000{number:05d}",
        "may_be_messaged": True,
    }
    return CandidateRow(**values | changes)  # type: ignore[arg-type]
