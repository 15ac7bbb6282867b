"""Numbers of an agenda: each given out once, some of them set aside."""

import pytest

from campaign.accounts.policy import SYSTEM
from campaign.documents import numbering
from campaign.documents.numbering import NumberRequest
from campaign.errors import Invalid
from campaign.logistics import services
from tests.builders.logistics import incoming, make_depot, receipt

pytestmark = pytest.mark.usefixtures("open_transaction")


def test_a_series_counts_on_its_own_per_classification_and_year() -> None:
    drawn = [numbering.draw(*series) for series in (("A", 2027), ("A", 2027), ("B", 2027), ("A", 2028))]
    assert drawn == [1, 2, 1, 1]


def test_a_number_set_aside_is_never_drawn() -> None:
    numbering.draw("SBBM", 2027)
    assert numbering.reserve(SYSTEM, NumberRequest("SBBM", 2027, 2, "rapat")) == [2, 3]
    assert numbering.draw("SBBM", 2027) == 4
    assert [(row.number, row.reason) for row in numbering.reserved(2027)] == [(2, "rapat"), (3, "rapat")]


def test_a_number_set_aside_can_be_entered_by_hand_once() -> None:
    depot = make_depot()
    numbering.reserve(SYSTEM, NumberRequest("SBBM", 2027, 1, "menyusul"))
    number = "001/SBBM/KB/2027"
    assert services.receive_stock(SYSTEM, receipt(depot, number=number)).number == number
    with pytest.raises(Invalid) as refused:
        services.receive_stock(SYSTEM, receipt(depot, incoming(depot.city.iud.item_id), number=number))
    (mistake,) = refused.value.mistakes
    assert mistake.code == "number-used"
    assert mistake.facts["place"] == depot.warehouse.name  # says which document has it


def test_every_mistake_of_a_request_for_numbers_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        numbering.reserve(SYSTEM, NumberRequest(" ", 1999, 51, ""))
    assert {mistake.where for mistake in refused.value.mistakes} == {"classification", "year", "count", "reason"}
