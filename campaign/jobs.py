"""Which background jobs exist, which queue each waits in, and what it carries: ids, never a person's data."""

from dataclasses import dataclass, field
from enum import StrEnum

from campaign.db import db


class JobName(StrEnum):
    """Every background job; a rule test compares this with the tasks that the workers register."""

    RUN_PLAN = "planning.run_plan"
    ANSWER_QUESTION = "planning.answer_question"
    DELIVER_INVITATIONS = "outreach.deliver_invitations"
    TALLY_CAMPAIGN = "attendance.tally_campaign"
    RENDER_DOCUMENT = "documents.render_document"
    WORK_ON_UPLOAD = "imports.work_on_upload"
    SEND_LETTERS = "letters.send_letters"
    SWEEP_PLANS = "sweeps.requeue_plans"
    SWEEP_INVITATIONS = "sweeps.requeue_invitations"
    SWEEP_REMINDERS = "sweeps.write_reminders"
    SWEEP_TALLIES = "sweeps.requeue_tallies"
    SWEEP_DOCUMENTS = "sweeps.requeue_documents"
    SWEEP_UPLOADS = "sweeps.requeue_uploads"
    SEND_DIGESTS = "digests.send_digests"
    VERIFY_STOCK = "logistics.verify_stock"


class Queue(StrEnum):
    """A slow solve must not delay an invitation: two queues, two worker services."""

    SOLVE = "solve"
    FAST = "fast"


def queue_of(name: JobName) -> Queue:
    """Return the queue in which jobs of this name wait."""
    return Queue.SOLVE if name in (JobName.RUN_PLAN, JobName.ANSWER_QUESTION) else Queue.FAST


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work to hand to a worker. It may run twice, late or never; a sweep reads the rows."""

    name: JobName
    ids: dict[str, int] = field(default_factory=dict)


def enqueue(name: JobName, **ids: int) -> None:
    """Leave a job to be sent after the surrounding transaction has committed."""
    db.session.info["jobs"].append(Job(name, ids))
