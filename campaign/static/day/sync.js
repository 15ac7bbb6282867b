// Sends what was recorded, in order and in small batches, and fetches what others recorded. An event leaves the list
// of unsent ones only with the write that keeps its answer: a tab or server that dies between loses nothing, and
// sends it again.

const MOST_EVENTS = 25;
const MOST_IMAGES = 600_000; // characters of base64 in one batch
const EVERY = 20_000;
const SHORTEST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;

export class SignedOut extends Error {}

export async function hello() {
  const answer = await fetch("/device/hello", { cache: "no-store", signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error("hello");
  return answer.json();
}

export async function ask(path, said, csrf) {
  const answer = await fetch(`/device/${path}`, {
    method: "POST", redirect: "manual", body: JSON.stringify(said), signal: AbortSignal.timeout(60_000),
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
  });
  if (answer.type === "opaqueredirect") throw new SignedOut();
  if (!answer.ok) throw new Error(`${path} ${answer.status}`);
  return answer.json();
}

export class Sync extends EventTarget {
  constructor(device) {
    super();
    this.device = device;
    this.state = "idle"; // idle, sending, offline, signed-out
    this.clockOffset = 0; // seconds that the telephone is behind
    this.failures = 0;
    this.timer = null;
    this.running = null;
    device.addEventListener("recorded", () => this.soon(300));
    addEventListener("online", () => this.soon(0));
    this.soon(0);
  }

  stop() {
    clearTimeout(this.timer);
    this.stopped = true;
  }

  soon(wait) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.now(), wait);
  }

  now() {
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async run() {
    try {
      this.become("sending");
      const { now, account, csrf } = await hello();
      this.clockOffset = Math.round((new Date(now) - Date.now()) / 1000);
      if (account !== this.device.meta.account) throw new SignedOut();
      while (this.device.unsent.size) await this.sendBatch(csrf);
      await this.fetchNews(csrf);
      this.failures = 0;
      this.become("idle");
      this.soon(this.device.unsent.size ? 0 : EVERY); // somebody may have recorded meanwhile
    } catch (error) {
      this.failures += 1;
      this.become(error instanceof SignedOut ? "signed-out" : "offline");
      const wait = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** Math.min(this.failures, 5));
      this.soon(wait * (0.75 + Math.random() / 2));
    }
  }

  async sendBatch(csrf) {
    const counters = [...this.device.unsent].sort((a, b) => a - b).slice(0, MOST_EVENTS);
    const events = [];
    const images = [];
    let size = 0;
    for (const counter of counters) {
      const { body, previous, seal, said } = this.device.events[counter - 1];
      const image = said.data.image ? await this.device.image(said.data.image) : null;
      if (image && images.length && size + image.content.length > MOST_IMAGES) break;
      if (image) images.push(image);
      size += image?.content.length ?? 0;
      events.push({ body, previous, seal });
    }
    const said = { device: this.device.meta.device, sent_at: new Date().toISOString(), events, images };
    const { answers, results } = await ask("events", said, csrf);
    const bySeal = new Map(answers.map((answer, index) => [answer.seal, { ...answer, result: results[index] }]));
    const answered = counters.slice(0, events.length)
      .map((counter) => ({ counter, answer: bySeal.get(this.device.events[counter - 1].seal) }))
      .filter(({ answer }) => answer);
    if (!answered.length) throw new Error("no answer");
    await this.device.keepAnswers(answered);
  }

  async fetchNews(csrf) {
    if (!this.device.day) return;
    const known = [...this.device.day.people, ...(this.device.news?.people ?? [])];
    const said = { device: this.device.meta.device, session: this.device.day.session.id, known: known.map((one) => one.id) };
    const news = await ask("news", said, csrf);
    news.people = [...(this.device.news?.people ?? []), ...news.people];
    await this.device.keep("news", news);
  }

  become(state) {
    this.state = state;
    this.dispatchEvent(new Event("changed"));
  }
}
