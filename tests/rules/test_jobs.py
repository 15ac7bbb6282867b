"""Every job is registered, and every queue has a consumer wherever the product runs."""

import re
from pathlib import Path

import yaml

from campaign.jobs import JobName, Queue, queue_of
from campaign.stack import commands
from tests.rules.source import PROJECT


def _compose() -> dict:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text())


def _queues(command: list[str]) -> set[str]:
    return set(command[command.index("-Q") + 1].split(",")) if "-Q" in command else set()


def test_every_job_is_a_registered_task_and_every_task_a_job() -> None:
    from workers.celery_app import celery

    registered = {name for name in celery.tasks if not name.startswith("celery.")}
    assert registered == {name.value for name in JobName}


def test_every_queue_has_a_consumer_in_compose_and_in_the_stack() -> None:
    wanted = {queue.value for queue in Queue}
    stack = set().union(*(_queues(c) for c in commands("127.0.0.1:8000", Path("/data")).values()))
    compose = set().union(*(_queues(s.get("command", [])) for s in _compose()["services"].values()))
    assert stack == compose == wanted == {queue_of(name).value for name in JobName}


def test_compose_runs_the_same_processes_as_the_stack() -> None:
    services = _compose()["services"]
    for name, command in commands("0.0.0.0:8000", Path("/var/lib/serempak")).items():
        assert services[name]["command"] == command


def test_compose_names_only_settings_that_exist() -> None:
    environment = _compose()["x-serempak"]["environment"]
    known = set(re.findall(r"\"((?:SEREMPAK|DATABASE|REDIS)_[A-Z_]+)\"", (PROJECT / "campaign/config.py").read_text()))
    assert set(environment) <= known


def test_what_beat_sends_are_jobs() -> None:
    from workers.celery_app import celery

    assert {entry["task"] for entry in celery.conf.beat_schedule.values()} <= {name.value for name in JobName}
