"""A telephone without a network, for a whole day, in a real browser."""

import json
import random
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from campaign.accounts.models import Account
from campaign.attendance.device.models import DeviceEvent, DeviceResult, ResultState
from campaign.attendance.device.receiving import sequence_of
from campaign.attendance.models import CheckIn
from campaign.attendance.screening import Answers, Kind, verdicts
from campaign.attendance.tallies import recount
from campaign.attendance.tallying import rows_of
from campaign.db import db
from tests.builders.attendance import ServiceDay
from tests.e2e.conftest import CHROMIUM_ARGUMENTS, PHONE, Site, _keep_picture
from tests.e2e.telephones import (
    VISIT,
    Telephone,
    arrives,
    is_screened,
    no_network,
    send,
    served,
    signs,
    unlock,
    unsent,
    whole_visit,
)


@contextmanager
def pausing_after_events(site: Site) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Let the server finish a batch and keep its answer back until the test lets it go."""
    done, go = threading.Event(), threading.Event()
    inner: Any = site.app.wsgi_app

    def paused(environ: Any, start_response: Any) -> Any:
        body = inner(environ, start_response)
        if environ["PATH_INFO"] == "/device/events":
            body = list(body)
            done.set()
            go.wait(30)
        return body

    site.app.wsgi_app = paused  # type: ignore[method-assign]
    yield done, go
    go.set()
    site.app.wsgi_app = inner  # type: ignore[method-assign]


def states(site: Site) -> dict[ResultState, int]:
    with site.arranging():
        return dict(db.session.execute(select(DeviceResult.state, func.count()).group_by(DeviceResult.state)).all())


def check_ins(site: Site) -> int:
    with site.arranging():
        return db.session.scalar(select(func.count()).select_from(CheckIn)) or 0


def test_a_visit_from_arrival_to_going_home_without_a_network(nurse: Account, telephone: Telephone, site: Site) -> None:
    page = telephone(nurse)
    _keep_picture(page, "day-list")
    with no_network(page):
        page.reload()
        unlock(page)
        whole_visit(page, 0)
        unsent(page, VISIT)
        _keep_picture(page, "day-offline")
        page.get_by_role("button", name="Antrean").click()
        _keep_picture(page, "day-queue")
        page.get_by_role("button", name="Stok").click()
        _keep_picture(page, "day-stock")
        assert served(site) == 0
    send(page)
    assert served(site) == 1
    with site.arranging():
        assert set(db.session.scalars(select(DeviceResult.state))) == {ResultState.APPLIED}


def test_two_devices_work_apart_for_a_day_and_merge_without_loss(
    nurse: Account, telephone: Telephone, site: Site, service_day: ServiceDay
) -> None:
    one, other = telephone(nurse), telephone(nurse)
    with no_network(one, other):
        whole_visit(one, 0)
        whole_visit(other, 1)
        arrives(one, 2)
        arrives(other, 2)  # the same person at both desks
        other.get_by_role("button", name="Ibu Contoh 2").first.click()
        is_screened(other)
        signs(other)
        other.get_by_role("button", name="‹ Daftar").click()
        one.get_by_role("button", name="Medono 6").click()
        one.get_by_role("button", name="Rombongan Medono datang (4)").click()
        expect(one.get_by_text("4 orang tercatat datang.")).to_be_visible()
    for page in (one, other, one):
        send(page)
    assert set(states(site)) == {ResultState.APPLIED}
    with site.arranging():
        counts = recount(rows_of(service_day.campaign.campaign_id)).values()
        assert (sum(row.came for row in counts), sum(row.served for row in counts)) == (6, 2)
        for device_id in db.session.scalars(select(DeviceEvent.device_id).distinct()):
            assert sequence_of(device_id).missing == ()
    expect(one.get_by_role("button", name="Ibu Contoh 1").first).to_contain_text("Dilayani")  # the other's work


def test_a_tab_killed_while_it_sends_loses_nothing_and_counts_nothing_twice(
    nurse: Account, telephone: Telephone, site: Site
) -> None:
    page = telephone(nurse)
    context = page.context
    with no_network(page):
        whole_visit(page, 0)
    with pausing_after_events(site) as (done, go):
        page.get_by_role("button", name="belum terkirim").click()
        assert done.wait(15)  # the server has the batch, the telephone has no answer
        page.close()
        go.set()
    again = context.new_page()
    again.goto(f"{site.url}/day/")
    unlock(again)
    send(again)
    assert (served(site), check_ins(site), states(site)) == (1, 1, {ResultState.APPLIED: VISIT})


def test_a_clock_wrong_by_a_day_is_told_and_the_visit_is_kept(nurse: Account, telephone: Telephone, site: Site) -> None:
    page = telephone(nurse, timedelta(days=1))
    expect(page.get_by_text("Jam gawai ini meleset 24 jam")).to_be_visible()
    with no_network(page):
        whole_visit(page, 0)
    send(page)
    assert served(site) == 1
    with site.arranging():
        row = db.session.scalars(select(DeviceEvent).order_by(DeviceEvent.counter)).first()
        assert row is not None
        assert row.made_at - row.happened_at > timedelta(hours=23)


def test_a_full_telephone_says_that_nothing_was_recorded(
    nurse: Account, telephone: Telephone, site: Site, chromium: Browser, tmp_path: Path
) -> None:
    # Windows that leave no trace keep their storage in memory, where the browser sets no limit: this one is on disk.
    disk = chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS, viewport=PHONE, locale="id-ID"
    )
    tools = disk.new_cdp_session(disk.pages[0])
    tools.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": 12_000_000})
    page = telephone(nurse, context=disk)
    with no_network(page):
        page.evaluate(FILL)
        page.get_by_role("button", name="Datang: Ibu Contoh 0").click()
        expect(page.get_by_role("alert")).to_contain_text("BELUM tersimpan")
        unsent(page, 0)
        page.evaluate("new Promise((done) => { indexedDB.deleteDatabase('photos').onsuccess = done; }).then(() => 1)")
        arrives(page, 0)
        unsent(page, 2)
    send(page)
    assert check_ins(site) == 1


# Photos and videos of the telephone's owner, until nothing fits any more.
FILL = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("photos");
    asked.onupgradeneeded = () => asked.result.createObjectStore("all", { autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
  });
  const put = (size) => new Promise((done) => {
    const work = db.transaction("all", "readwrite");
    work.oncomplete = () => done(true);
    work.onabort = () => done(false);
    const noise = crypto.getRandomValues(new Uint8Array(Math.min(size, 65536))).toString();
    work.objectStore("all").add(noise.repeat(Math.ceil(size / 65536)));
  });
  for (const size of [1000000, 100000, 10000, 1000, 100]) while (await put(size));
  db.close();
}"""


def test_a_second_sign_in_sees_what_the_first_recorded(nurse: Account, telephone: Telephone, site: Site) -> None:
    first = telephone(nurse)
    arrives(first, 0)
    send(first)
    second = telephone(nurse)
    expect(second.get_by_role("button", name="Ibu Contoh 0").first).to_contain_text("Hadir")
    arrives(second, 1)
    send(second)
    send(first)
    expect(first.get_by_role("button", name="Ibu Contoh 1").first).to_contain_text("B-001")


def test_the_same_batch_three_times_shuffled_is_answered_alike(
    nurse: Account, telephone: Telephone, site: Site
) -> None:
    page = telephone(nurse)
    with no_network(page):
        whole_visit(page, 0)
    with page.expect_request("**/device/events") as sent:
        send(page)
    batch = json.loads(sent.value.post_data or "")
    first = resend(page, batch)
    for seed in range(3):
        random.Random(seed).shuffle(batch["events"])
        assert resend(page, batch) == first
    assert (served(site), states(site)) == (1, {ResultState.APPLIED: VISIT})


def resend(page: Page, batch: Any) -> dict[str, Any]:
    answer = page.evaluate(
        """async (batch) => {
          const { csrf } = await (await fetch("/device/hello")).json();
          const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
          return (await fetch("/device/events", { method: "POST", headers, body: JSON.stringify(batch) })).json();
        }""",
        batch,
    )
    return {one["seal"]: (one, result) for one, result in zip(answer["answers"], answer["results"], strict=True)}


def test_somebody_on_no_list_is_registered_without_a_network(nurse: Account, telephone: Telephone, site: Site) -> None:
    page = telephone(nurse)
    with no_network(page):
        page.get_by_role("button", name="Tanpa janji").click()
        page.get_by_label("Nama").fill("Warga Contoh")
        page.get_by_label("pill").check()
        page.get_by_role("button", name="Catat datang").click()
        expect(page.get_by_role("heading", name="Warga Contoh")).to_be_visible()
    send(page)
    expect(page.get_by_role("heading", name="Warga Contoh")).to_be_visible()
    assert check_ins(site) == 1


def test_a_person_is_found_by_nik_and_telephone_that_are_not_on_the_device(
    nurse: Account, telephone: Telephone, site: Site, service_day: ServiceDay
) -> None:
    from campaign.outreach.models import Candidate

    page = telephone(nurse)
    with site.arranging():
        wanted = db.session.scalars(select(Candidate).where(Candidate.name == "Ibu Contoh 3")).one()
        numbers = (str(wanted.nik), str(wanted.phone).replace("+62", "0"))
    with no_network(page):
        for number in numbers:
            page.get_by_label("Cari").fill(number)
            expect(page.get_by_role("button", name="Datang:")).to_have_count(1)
            expect(page.get_by_role("button", name="Datang: Ibu Contoh 3")).to_be_visible()
    assert numbers[0] not in page.evaluate(EVERYTHING)


EVERYTHING = """async () => {
  const said = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((done) => {
        const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => done(r.result);
      });
      for (const row of rows) said.push(JSON.stringify(row, (_, value) =>
        value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) said.push(await (await cache.match(request)).text());
  }
  return said.join("\\n") + JSON.stringify(localStorage);
}"""


def test_a_stolen_telephone_shows_nothing(nurse: Account, telephone: Telephone, site: Site) -> None:
    page = telephone(nurse)
    with no_network(page):
        arrives(page, 0)
        page.reload()
        page.get_by_label("PIN", exact=True).fill("000000")
        page.get_by_role("button", name="Buka", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("PIN salah")
        everything = page.evaluate(EVERYTHING)
        assert "serempak" in everything.lower()  # there is something to read
        assert "Ibu Contoh" not in everything
        assert "Medono" not in everything


def test_leaving_sends_first_and_leaves_nothing(nurse: Account, telephone: Telephone, site: Site) -> None:
    page = telephone(nurse)
    with no_network(page):
        arrives(page, 0)
        page.get_by_role("button", name="Gawai").click()
        page.get_by_role("button", name="Keluar dan hapus").click()
        expect(page.get_by_role("alert")).to_contain_text("belum terkirim")
    page.get_by_role("button", name="Keluar dan hapus").click()
    expect(page.get_by_role("link", name="Masuk")).to_be_visible()
    assert check_ins(site) == 1
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_a_device_judges_a_screening_as_the_server_does(nurse: Account, telephone: Telephone, site: Site) -> None:
    page = telephone(nurse)
    drawn = random.Random(1)
    cases = [random_answers(drawn) for _ in range(200)]
    script = page.locator("script[type=module]").get_attribute("src") or ""
    source = script.replace("app.js", "screening.js")
    found = page.evaluate(
        """async ([source, cases, kinds, rules]) => {
          const { verdicts } = await import(source);
          const methods = kinds.map((kind) => ({ code: String(kind), kind }));
          return cases.map((answers) => verdicts(rules, methods, answers));
        }""",
        [source, cases, [kind.value for kind in Kind], rules()],
    )
    for answers, judged in zip(cases, found, strict=True):
        ours = verdicts(Answers(**answers), list(Kind))
        expected = {
            str(kind.value): None if one.may_proceed else {"finding": one.finding, "advice": one.advice}
            for kind, one in ours.items()
        }
        assert judged == expected


def rules() -> list[dict[str, Any]]:
    from campaign.attendance.device.day import rule_as_data
    from campaign.attendance.screening import RULES

    return [rule_as_data(one) for one in RULES]


YES = ("may_be_pregnant", "is_breastfeeding", "has_jaundice", "has_unexplained_bleeding", "has_long_discharge")
ALSO_YES = ("has_tumour", "injection_not_due", "has_comorbidity")
SEEN = ("has_pelvic_inflammation", "has_gynaecological_tumour", "has_diabetes", "has_clotting_disorder", "has_orchitis")


def random_answers(drawn: random.Random) -> dict[str, Any]:
    return (
        {name: drawn.random() < 0.1 for name in (*YES, *ALSO_YES)}
        | {name: drawn.choice((None, False, False, True)) for name in SEEN}
        | {"systolic": drawn.choice((None, 120, 159, 160)), "diastolic": drawn.choice((None, 80, 99, 100))}
        | {"haemoglobin": drawn.choice((None, 99, 100))}
    )
