"""The ledger under load: clients issue from shared lots over HTTP, beside as many bare transactions on the same server.

    python bench/ledger.py [--clients 8] [--issues 400] [--port 8127] [--form]

Starts the product's own servers and its gunicorn in a folder of its own, signs every client in through the form,
and lets each issue its SPMB by POST /stock/api/issues (--form: as the page does); every tenth SPMB is sent by two
clients, of whom one must be refused. The bare
transactions do the least that a ledger needs: lock a balance, insert an entry, update the balance, commit. Prints
both rates, their ratio, the refusals, and what the verification finds at the end.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
from flask import Flask

from campaign import clock, migrations
from campaign.accounts.policy import SYSTEM, Grant
from campaign.app import create_app
from campaign.db import db
from campaign.logistics import services
from campaign.logistics.ledger import Line
from campaign.logistics.services import ItemOrder
from campaign.servers import OWNER
from campaign.stack import Stack
from campaign.transaction import transaction

sys.path.insert(0, str(Path(__file__).parents[1]))  # the builders of the tests make the small city

LOTS = 4


def prepare(app: Flask, clients: int, issues: int) -> list[int]:
    """Make a warehouse with shared lots and SPMB that wait; return their ids. Every client is one account."""
    from campaign.accounts.roles import Role
    from tests.builders.accounts import make_account
    from tests.builders.logistics import incoming, make_depot

    with app.app_context():
        with transaction(lambda job: None):
            depot = make_depot()
            for client in range(clients):
                make_account(Grant(Role.WAREHOUSE), email=f"gudang{client}@contoh.invalid")
            lines = tuple(incoming(depot.city.iud.item_id, issues * 10) for _ in range(LOTS))
            receipt = services.Receipt("bench", depot.warehouse.stock_place_id, clock.today(), lines, "bench")
            lots = [line.stock_lot_id for line in services.receive_stock(SYSTEM, receipt).lines]
            ends = (depot.warehouse.stock_place_id, depot.city.puskesmas.facility_id)
        found: list[int] = []
        for start in range(0, issues, 100):
            with transaction(lambda job: None):
                found += [_order(ends, lots[n % LOTS], n) for n in range(start, min(start + 100, issues))]
        db.session.remove()
    return found


def _order(ends: tuple[int, int], lot_id: int, number: int) -> int:
    today = clock.today()
    chosen = (Line(lot_id, 1 + number % 3, "bench"),)
    order = ItemOrder(f"bench-{number}", *ends, today, today, (), "bench", lots=chosen)
    return services.order_items(SYSTEM, order).stock_document_id


class Client:
    """One browser, signed in through the form, on one connection that stays open."""

    def __init__(self, port: int, email: str, password: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.token = self._token("/sign-in")
        self.send("/sign-in", {"email": email, "password": password})
        self.token = self._token("/stock/issues")

    def _token(self, path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self._ask("GET", path)[1])
        assert found is not None, path
        return found.group(1)

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            kind = "json" if body.startswith("{") else "x-www-form-urlencoded"
            headers |= {"Content-Type": f"application/{kind}", "X-CSRFToken": self.token}
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connection.close()  # the server ends connections that rested; nothing of this request was begun
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _sign, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode()

    def issue(self, order: int, on: str) -> int:
        """Issue an SPMB as a program does; return the status."""
        return self._ask(
            "POST", "/stock/api/issues", json.dumps({"key": uuid4().hex, "order": order, "occurred_on": on})
        )[0]

    def send(self, path: str, values: dict[str, str]) -> int:
        """Send a form as a browser does; return the status."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, "key": uuid4().hex, **values}))[0]


def at_once(works: Sequence[Callable[[], list[object]]]) -> tuple[float, list[object]]:
    """Run works at once; return the seconds from the common start to the end of the last, and all results."""
    start, began = Barrier(len(works) + 1), [0.0]

    def run(work: Callable[[], list[object]]) -> list[object]:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(run, work) for work in works]
        start.wait()
        began[0] = time.perf_counter()
        results = [one for future in futures for one in future.result()]
    return time.perf_counter() - began[0], results


def issue_over_http(clients: list[Client], orders: list[int], *, by_form: bool) -> tuple[float, Counter[int]]:
    """Let the clients share the orders; every tenth is sent by the next client as well."""
    today = clock.today().isoformat()
    share: list[list[int]] = [orders[n :: len(clients)] for n in range(len(clients))]
    for n, order in enumerate(orders):
        if n % 10 == 0:
            share[(n + 1) % len(clients)].append(order)

    def work(client: Client, mine: list[int]) -> list[object]:
        if by_form:
            return [client.send(f"/stock/issues/{order}", {"occurred_on": today}) for order in mine]
        return [client.issue(order, today) for order in mine]

    works = [partial(work, client, mine) for client, mine in zip(clients, share, strict=True)]
    seconds, answers = at_once(works)
    return seconds, Counter(int(str(answer)) for answer in answers)


def bare(dsn: str, clients: int, transactions: int) -> float:
    """Run the least that a ledger needs, as often; return the seconds."""
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("CREATE TABLE bench_balance (lot int PRIMARY KEY, quantity bigint CHECK (quantity >= 0))")
        owner.execute(
            "CREATE TABLE bench_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, lot int, n bigint)"
        )
        owner.execute("INSERT INTO bench_balance SELECT n, 1000000 FROM generate_series(0, %s) n", (LOTS - 1,))
    connections = [psycopg.connect(dsn) for _ in range(clients)]

    def work(number: int) -> list[object]:
        connection = connections[number]
        for n in range(number, transactions, clients):
            lot = n % LOTS
            connection.execute("SELECT quantity FROM bench_balance WHERE lot = %s FOR UPDATE", (lot,))
            connection.execute("INSERT INTO bench_entry (lot, n) VALUES (%s, -1)", (lot,))
            connection.execute("UPDATE bench_balance SET quantity = quantity - 1 WHERE lot = %s", (lot,))
            connection.commit()
        return []

    seconds, _ = at_once([partial(work, number) for number in range(clients)])
    for connection in connections:
        connection.close()
    return seconds


class Meter:
    """Processor time that the site, the database and this process have used; busy neighbours leave it alone."""

    def __init__(self, stack: Stack) -> None:
        web, postgres = stack.processes["web"].popen, stack.postgres
        assert web is not None
        assert postgres is not None
        self.web, self.postmaster = web.pid, postgres.handle.get_postmaster_info().pid

    def read(self) -> tuple[float, float, float]:
        """Return site, database, this process."""
        site = database = 0.0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, fields = int(path.parent.name), path.read_text().rpartition(")")[2].split()
            except (OSError, ValueError):
                continue  # it ended meanwhile
            ticks = int(fields[11]) + int(fields[12])
            if int(fields[3]) == self.web:  # one session for gunicorn and its workers
                site += ticks
            elif pid == self.postmaster:
                database += ticks + int(fields[13]) + int(fields[14])  # with the backends that have ended
            elif int(fields[1]) == self.postmaster:
                database += ticks
        per_second = os.sysconf("SC_CLK_TCK")
        return site / per_second, database / per_second, time.process_time()


def wait_for(port: int) -> None:
    """Wait until the site answers."""
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/sign-in")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the site did not come up")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--issues", type=int, default=400)
    parser.add_argument("--port", type=int, default=8127)
    parser.add_argument("--form", action="store_true", help="send the form of the page instead of the API's JSON")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-ledger-"))
    stack = Stack(folder, {}, bind=f"127.0.0.1:{options.port}")
    try:
        measure(stack, options)
    finally:
        stack.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


def measure(stack: Stack, options: argparse.Namespace) -> None:
    """Prepare, run both, verify."""
    from tests.builders.accounts import PASSWORD

    env = stack.start_servers()
    settings = stack.settings(env)
    migrations.upgrade(settings)
    app = create_app(settings, send=lambda job: None)
    orders = prepare(app, options.clients, options.issues)
    stack.start("web", env)
    wait_for(options.port)
    clients = [Client(options.port, f"gudang{n}@contoh.invalid", PASSWORD) for n in range(options.clients)]
    meter = Meter(stack)
    before = meter.read()
    seconds, answers = issue_over_http(clients, orders, by_form=options.form)
    between = meter.read()
    assert stack.postgres is not None
    issued = answers[303] + answers[201]
    bare_seconds = bare(f"host={stack.postgres.socket_dir} user={OWNER} dbname=serempak", options.clients, issued)
    after = meter.read()
    with app.app_context(), transaction(lambda job: None):
        verification = services.verify_stock(SYSTEM)
        wrong = len(verification.differences)
        entries = verification.entries
    rate, bare_rate = issued / seconds, issued / bare_seconds
    others = {status: count for status, count in answers.items() if status not in (201, 303, 409, 422)}
    of_http = between[0] - before[0] + between[1] - before[1]  # the clients are not the product
    of_bare = after[1] - between[1] + after[2] - between[2]
    refused = answers[409] + answers[422]
    print(f"clients                     {options.clients}, lots {LOTS}, cores {os.cpu_count()}")
    print(f"SBBK over HTTP              {issued} in {seconds:.2f} s = {rate:.1f} per second")
    print(f"bare transactions           {issued} in {bare_seconds:.2f} s = {bare_rate:.1f} per second")
    print(f"ratio                       {rate / bare_rate:.3f}")
    site_ms, database_ms = ((between[n] - before[n]) / (issued + refused) * 1000 for n in (0, 1))
    print(f"processor per request       {site_ms:.1f} ms site, {database_ms:.1f} ms database")
    print(f"processor per bare          {of_bare / issued * 1000:.2f} ms client and database")
    print(f"per core                    {issued / of_http:.1f} against {issued / of_bare:.1f} per second")
    print(f"refused (sent twice)        {refused}, expected {-(-len(orders) // 10)}; other answers {others or 'none'}")
    print(f"verified                    {entries} entries, {wrong} wrong balances")
    if wrong or others or issued != len(orders):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
