"""The Celery client; the only file in campaign/ that imports celery. It sends a job by its name."""

from celery import Celery
from kombu.exceptions import OperationalError

from campaign.config import Settings
from campaign.errors import Unavailable
from campaign.jobs import Job, queue_of

# A task must end well before Redis hands it to somebody else; a solve takes at most 15 minutes (workers/celery_app.py).
VISIBILITY_TIMEOUT_SECONDS = 3600


def make_celery(redis_url: str | None) -> Celery:
    """Return a Celery application that talks to the broker and keeps no results: rows are the results."""
    celery = Celery("serempak", broker=redis_url, set_as_current=False)
    celery.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_default_queue="fast",
        broker_transport_options={"visibility_timeout": VISIBILITY_TIMEOUT_SECONDS},
        broker_connection_retry_on_startup=True,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.2},
        timezone="UTC",
    )
    return celery


class BrokerDown(Unavailable):
    """Redis does not answer."""

    code = "broker-down"


class Broker:
    """Sends jobs; one per process."""

    def __init__(self, settings: Settings) -> None:
        self.celery = make_celery(settings.redis_url)

    def send(self, job: Job) -> None:
        """Hand `job` to its queue; raises BrokerDown when Redis does not answer."""
        try:
            self.celery.send_task(job.name.value, kwargs=job.ids, queue=queue_of(job.name).value)
        except OperationalError as error:
            raise BrokerDown(job=job.name.value) from error
