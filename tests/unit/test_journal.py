"""What a dead worker's journal proves."""

import os
from pathlib import Path

import pytest

from workers.gateways import Evidence
from workers.gateways.journal import SUFFIX, Journal, forget_old, look_up


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(tmp_path)


def _found(folder: Path, journal: Journal, *, over: bool = False) -> Evidence:
    return look_up(folder, journal.name, 41, claim_is_over=over).evidence


def test_while_the_worker_lives_the_message_is_under_way(tmp_path: Path, journal: Journal) -> None:
    journal.begin(41)
    assert _found(tmp_path, journal) is Evidence.UNDER_WAY


def test_a_worker_that_died_before_the_dot_sent_nothing(tmp_path: Path, journal: Journal) -> None:
    journal.begin(41)
    journal.close()
    assert _found(tmp_path, journal) is Evidence.NOT_SENT


def test_between_the_dot_and_the_answer_nobody_knows(tmp_path: Path, journal: Journal) -> None:
    journal.begin(41)
    journal.hand(41)
    journal.close()
    assert _found(tmp_path, journal) is Evidence.UNKNOWN


def test_a_worker_that_died_before_recording_did_send(tmp_path: Path, journal: Journal) -> None:
    journal.begin(41)
    journal.hand(41)
    journal.took(41, "<a b>")
    journal.close()
    found = look_up(tmp_path, journal.name, 41, claim_is_over=False)
    assert (found.evidence, found.reference) == (Evidence.SENT, "<a b>")


def test_the_last_attempt_counts(tmp_path: Path, journal: Journal) -> None:
    journal.begin(41)
    journal.hand(41)
    journal.left(41)  # refused after the dot
    journal.begin(41)
    journal.close()
    assert _found(tmp_path, journal) is Evidence.NOT_SENT


def test_a_second_job_that_found_it_claimed_hides_nothing(tmp_path: Path, journal: Journal) -> None:
    """The first attempt was handed over and could not be recorded; the same process then gets a doubled job."""
    journal.begin(41)
    journal.hand(41)
    journal.begin(41)
    journal.left(41)
    assert _found(tmp_path, journal, over=True) is Evidence.UNKNOWN


def test_what_was_taken_stays_taken_whatever_follows(tmp_path: Path, journal: Journal) -> None:
    journal.begin(41)
    journal.hand(41)
    journal.took(41, "r")
    journal.begin(41)
    journal.left(41)
    assert _found(tmp_path, journal, over=True) is Evidence.SENT


def test_other_messages_prove_nothing(tmp_path: Path, journal: Journal) -> None:
    journal.begin(4)
    journal.begin(410)
    journal.close()
    assert _found(tmp_path, journal) is Evidence.UNKNOWN


def test_a_living_worker_whose_claim_is_over_is_asked_too(tmp_path: Path, journal: Journal) -> None:
    journal.begin(41)
    journal.took(41, "r")
    assert _found(tmp_path, journal, over=True) is Evidence.SENT


def test_a_journal_of_another_boot_proves_nothing(tmp_path: Path, journal: Journal) -> None:
    journal.begin(41)
    journal.close()
    path = tmp_path / (journal.name + SUFFIX)
    path.write_text("\n".join(["boot another", *path.read_text().splitlines()[1:]]))
    assert _found(tmp_path, journal) is Evidence.UNKNOWN


@pytest.mark.parametrize(("over", "found"), [(False, Evidence.UNDER_WAY), (True, Evidence.UNKNOWN)])
def test_a_journal_on_another_machine_proves_nothing(tmp_path: Path, *, over: bool, found: Evidence) -> None:
    assert look_up(tmp_path, "elsewhere", 41, claim_is_over=over).evidence is found


def test_old_journals_of_the_dead_are_forgotten_unless_needed(tmp_path: Path) -> None:
    needed, old, living, new = (Journal.open(tmp_path) for _ in range(4))
    for journal in (needed, old, living):
        os.utime(tmp_path / (journal.name + SUFFIX), (0, 0))
    for journal in (needed, old, new):
        journal.close()
    assert forget_old(tmp_path, frozenset({needed.name}), 60) == 1
    assert {path.stem for path in tmp_path.iterdir()} == {needed.name, living.name, new.name}
