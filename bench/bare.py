"""A Celery application with one task that does nothing but leave a mark: what the broker and Celery can do at most."""

import os

from campaign.broker import make_celery

celery = make_celery(os.environ["REDIS_URL"])
_marks = os.open(os.environ.get("MARKS", os.devnull), os.O_WRONLY | os.O_APPEND | os.O_CREAT)


@celery.task(name="bench.nothing")
def nothing(number: int) -> None:
    os.write(_marks, b".")
