"""A job leaves after the commit or not at all."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.accounts.policy import SYSTEM
from campaign.audit import AuditEntry, record
from campaign.db import db
from campaign.errors import Unavailable
from campaign.jobs import Job, JobName, enqueue
from campaign.transaction import dry_run, savepoint, transaction


def _lines() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def _fail() -> None:
    _work(2)
    raise ZeroDivisionError


def _work(number: int) -> None:
    record(SYSTEM, "try", ("try", number))
    enqueue(JobName.TALLY_CAMPAIGN, campaign_id=number)


def test_work_is_kept_and_its_job_leaves(app: Flask, sent: list[Job]) -> None:
    with transaction(sent.append):
        _work(1)
        assert sent == []
    assert (_lines(), [job.ids for job in sent]) == (1, [{"campaign_id": 1}])


def test_a_failure_undoes_the_work_and_its_job(app: Flask, sent: list[Job]) -> None:
    with pytest.raises(ZeroDivisionError), transaction(sent.append):
        _fail()
    assert (_lines(), sent) == (0, [])


def test_a_failing_item_of_a_batch_takes_its_job_with_it(app: Flask, sent: list[Job]) -> None:
    with transaction(sent.append):
        with savepoint():
            _work(1)
        with pytest.raises(ZeroDivisionError), savepoint():
            _fail()
        with savepoint():
            _work(3)
    assert (_lines(), [job.ids["campaign_id"] for job in sent]) == (2, [1, 3])


def test_transactions_do_not_nest(app: Flask, sent: list[Job]) -> None:
    with transaction(sent.append), pytest.raises(RuntimeError, match="does not nest"), transaction(sent.append):
        _work(1)


def test_work_is_kept_when_the_broker_does_not_answer(app: Flask) -> None:
    def down(job: Job) -> None:
        raise Unavailable(job=job.name.value)

    with transaction(down):
        _work(1)
    assert _lines() == 1


def test_a_dry_run_keeps_nothing(app: Flask) -> None:
    with dry_run():
        _work(1)
        assert _lines() == 1
    assert _lines() == 0
