"""The Celery application of the workers and the beat: which task runs which function, how long, how often.

celery -A workers.celery_app:celery worker -Q solve -c 1
celery -A workers.celery_app:celery worker -Q fast -c 2
celery -A workers.celery_app:celery beat
"""

import logging
from collections.abc import Callable
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab

from campaign.app import environment
from campaign.broker import make_celery
from campaign.config import SettingMissing
from campaign.jobs import JobName, Queue, queue_of
from workers import attendance, digests, documents, letters, logistics, outreach, planning, questions, sweeps, uploads
from workers.task import AppTask, IdFormatter, flask_app

TASKS: dict[JobName, Callable[..., None]] = {
    JobName.RUN_PLAN: planning.run_plan,
    JobName.ANSWER_QUESTION: questions.answer_question,
    JobName.DELIVER_INVITATIONS: outreach.deliver_invitations,
    JobName.TALLY_CAMPAIGN: attendance.tally_campaign,
    JobName.RENDER_DOCUMENT: documents.render_document,
    JobName.WORK_ON_UPLOAD: uploads.work_on_upload,
    JobName.SEND_LETTERS: letters.send_letters,
    JobName.SWEEP_PLANS: sweeps.requeue_plans,
    JobName.SWEEP_INVITATIONS: sweeps.requeue_invitations,
    JobName.SWEEP_REMINDERS: sweeps.write_reminders,
    JobName.SWEEP_TALLIES: sweeps.requeue_tallies,
    JobName.SWEEP_DOCUMENTS: sweeps.requeue_documents,
    JobName.SWEEP_UPLOADS: sweeps.requeue_uploads,
    JobName.SEND_DIGESTS: digests.send_digests,
    JobName.VERIFY_STOCK: logistics.verify_stock,
}

# Seconds after which a task is ended by force. An invitation's claim (campaign/outreach/claiming.py) outlasts the
# first; the broker's visibility timeout outlasts both. A plan's claim lasts as long as the run asked for and a margin:
# whoever is later than that writes nothing (campaign/planning/services.py).
FAST_LIMIT, UPLOAD_LIMIT, SOLVE_LIMIT = 120, 900, 1080

# Seconds between sweeps. Late at night the ledger is quiet: its check reads every entry.
SWEEPS = {
    JobName.SWEEP_PLANS: 30.0,
    JobName.SWEEP_INVITATIONS: 15.0,
    JobName.SWEEP_REMINDERS: 60.0,
    JobName.SWEEP_TALLIES: 60.0,
    JobName.SWEEP_DOCUMENTS: 60.0,
    JobName.SWEEP_UPLOADS: 30.0,
    JobName.SEND_LETTERS: 60.0,
    JobName.SEND_DIGESTS: 300.0,
}


def _configured() -> Celery:
    """Return the application with every task registered."""
    celery = make_celery(_redis_url())
    celery.conf.update(
        worker_prefetch_multiplier=1,  # a slow task must not sit on others that somebody else could do
        worker_hijack_root_logger=True,
        task_routes={name.value: {"queue": queue_of(name).value} for name in JobName},
        beat_schedule=_timetable(),
        # A sweep that nobody could run is useless by the time the next one is sent.
        beat_max_loop_interval=5,
    )
    for name, function in TASKS.items():
        celery.task(function, name=name.value, base=AppTask, time_limit=_limit_of(name))
    return celery


def _limit_of(name: JobName) -> int:
    if name is JobName.WORK_ON_UPLOAD:
        return UPLOAD_LIMIT
    return SOLVE_LIMIT if queue_of(name) is Queue.SOLVE else FAST_LIMIT


def _redis_url() -> str | None:
    """Return the broker's address; a program that only looks at the tasks needs none."""
    try:
        return environment().redis_url
    except SettingMissing:
        return None


def _timetable() -> dict[str, dict[str, Any]]:
    sweeps = {
        name.value: {"task": name.value, "schedule": seconds, "options": {"expires": seconds}}
        for name, seconds in SWEEPS.items()
    }
    nightly = {"task": JobName.VERIFY_STOCK.value, "schedule": crontab(hour="19", minute="30")}  # 02:30 in Jakarta
    return sweeps | {JobName.VERIFY_STOCK.value: nightly}


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _be_ready(**_: Any) -> None:
    """Build the application when a process starts, so that its first job does not wait for it."""
    flask_app()


@signals.after_setup_logger.connect  # type: ignore[untyped-decorator]
@signals.after_setup_task_logger.connect  # type: ignore[untyped-decorator]
def _log_ids(logger: logging.Logger, **_: Any) -> None:
    for handler in logger.handlers:
        handler.setFormatter(IdFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for ours in ("campaign", "workers"):  # one line a state change, however quiet Celery itself is asked to be
        logging.getLogger(ours).setLevel(logging.INFO)


celery = _configured()
