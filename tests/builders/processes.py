"""Real worker processes of a test: started, killed without warning, started again."""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from campaign import clock
from campaign.config import Settings

PROJECT = Path(__file__).resolve().parents[2]


def environment(settings: Settings) -> dict[str, str]:
    """Return what a process of these settings finds in its environment; its clock goes on from the test's."""
    ahead = clock.now() - datetime.now(UTC)
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SEREMPAK_SECRET_KEY": settings.secret_key,
        "SEREMPAK_PRIVACY_KEY": base64.b64encode(settings.privacy_key).decode(),
        "SEREMPAK_DATA_DIR": str(settings.data_dir),
        "SEREMPAK_HTTPS": "0",
        "SEREMPAK_SMTP_PORT": str(settings.smtp_port),
        "SEREMPAK_WHATSAPP_URL": settings.whatsapp.url,
        "SEREMPAK_WHATSAPP_ASK_URL": settings.whatsapp.ask_url,
        "SEREMPAK_WHATSAPP_KEYED": "1" if settings.whatsapp.is_keyed else "0",
        "SEREMPAK_SMS_URL": settings.sms.url,
        "SEREMPAK_SMS_ASK_URL": settings.sms.ask_url,
        "SEREMPAK_SMS_KEYED": "1" if settings.sms.is_keyed else "0",
        "SEREMPAK_TRAINING_SECONDS": str(int(ahead.total_seconds()) + 1),
    }


@contextmanager
def worker(settings: Settings, queue: str = "fast") -> Iterator[subprocess.Popen[bytes]]:
    """Run a Celery worker with two processes; it is killed at the end."""
    log: IO[bytes]
    with (settings.data_dir / f"worker-{queue}.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "workers.celery_app:celery", "worker", "-Q", queue),
                *("-c", "2", "--without-gossip", "--without-mingle"),
            ],
            env=environment(settings),
            cwd=PROJECT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker and its children as a power cut would."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_until(holds: Callable[[], bool], seconds: float = 90) -> None:
    """Wait for something that another process does; fail when it does not come to be."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("did not happen in time")
        time.sleep(0.1)
