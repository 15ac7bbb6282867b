"""Who is on the cards and consent forms of a day, with what is known of them and blanks for what is not."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from campaign import clock
from campaign.attendance.cards import card_code
from campaign.attendance.pack.sheets import Client
from campaign.documents.contexts import long_date, qr
from campaign.i18n import hour
from campaign.outreach import expected as outreach
from campaign.outreach.queries import candidates_by_ids
from campaign.registry import queries as registry

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession
    from campaign.outreach.expected import Appointed
    from campaign.outreach.models import Candidate
    from campaign.registry.models import Method, Provider

BLANK_CLIENTS = 3  # for walk-ins
BPJS, NO_INSURANCE = "1", "3"  # answers of part IX of the card


def clients_of(session: "ServiceSession") -> tuple[Client, ...]:
    """Return the clients of a session by time, and blank ones after them."""
    appointed = outreach.appointed_in([session.service_session_id])
    people = candidates_by_ids(row.candidate_id for row in appointed)
    methods = {method.code: method for method in registry.methods()}
    providers = registry.providers_by_ids(row.provider_id for row in appointed if row.provider_id is not None)
    places = _places(person.kelurahan_code for person in people.values())
    known = [
        _client(row, people[row.candidate_id], methods[people[row.candidate_id].method_code], providers, places)
        for row in appointed
    ]
    return (*known, *[Client()] * BLANK_CLIENTS)


def consent_number(service_session_id: int, candidate_id: int) -> str:
    """Return the number printed on the consent form of a client at a session."""
    return f"IC-{service_session_id}-{card_code(candidate_id)}"


def _client(
    row: "Appointed",
    person: "Candidate",
    method: "Method",
    providers: Mapping[int, "Provider"],
    places: Mapping[str, str],
) -> Client:
    provider = providers.get(row.provider_id or 0)
    held_on = clock.local(row.expected_at).date()
    return Client(
        code=card_code(row.candidate_id),
        qr=qr(card_code(row.candidate_id)),
        consent_number=consent_number(row.service_session_id, row.candidate_id),
        name=person.name,
        nik=person.nik or "",
        birth=f"{long_date(person.birth_on)}, umur {age(person.birth_on, held_on)} tahun" if person.birth_on else "",
        spouse=person.spouse_name or "",
        address=", ".join(part for part in (person.address, places[person.kelurahan_code]) if part),
        phone=person.phone or "",
        children="" if person.children is None else str(person.children),
        youngest=years_and_months(person.youngest_child_months),
        insurance=insurance_answer(person.insurance),
        last_method=person.current_method or "",
        method=method.name,
        kind=method.register_code,
        needs_spouse=method.needs_spouse_consent,
        provider=provider.name if provider else "",
        hour=hour(row.expected_at),
    )


def _places(codes: Iterable[str]) -> dict[str, str]:
    """Return "Kel. Medono, Kec. Pekalongan Barat" of each kelurahan."""
    found = {}
    for code in set(codes):
        above = code.rpartition(".")[0]
        found[code] = f"Kel. {registry.area(code).name}, Kec. {registry.area(above).name}"
    return found


def age(birth_on: date, on: date) -> int:
    """Return how many years old somebody is on a day."""
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def years_and_months(months: int | None) -> str:
    """Return "2 tahun 3 bulan"; nothing when it is not known."""
    return "" if months is None else f"{months // 12} tahun {months % 12} bulan"


def insurance_answer(text: str | None) -> str:
    """Return the answer of part IX that the cadre's word stands for; nothing when it is not known."""
    word = (text or "").strip().casefold()
    if word in ("none", "tidak", "tidak ada", "bukan peserta"):
        return NO_INSURANCE
    is_national = word.startswith(("pbi", "jkn", "bpjs", "non-pbi", "non pbi", "kis"))
    return BPJS if is_national else ""
