// This device: its number, its keys, its events. Recording is one write to the disk: an event is either here whole,
// with its number and its seal, or it was not recorded, and the person is told so.

import { base64, openVault, sha256, unwrap, wrap } from "./vault.js";

const GENESIS = "0".repeat(64);
const MOST_WRONG_PINS = 10;

export class Device extends EventTarget {
  constructor(store, meta) {
    super();
    this.store = store;
    this.meta = meta;
    this.vault = null;
    this.day = null;
    this.news = null;
    this.events = []; // own, in order: { counter, body, previous, seal, said }
    this.answers = new Map();
    this.unsent = new Set();
    this.queue = Promise.resolve();
  }

  static async load(store) {
    const meta = await store.get("meta", "device");
    return meta ? new Device(store, meta) : null;
  }

  static async create(store, given, account, pin) {
    const meta = { device: given.device, letter: given.letter, account, keptUntil: given.kept_until, wrongPins: 0 };
    const device = new Device(store, meta);
    await device.takeSecret(base64.to(given.key), pin, given.kept_until);
    return device;
  }

  get isLocked() {
    return this.vault === null;
  }

  get needsSignIn() {
    return !this.meta.wrapped || new Date(this.meta.keptUntil) < new Date();
  }

  async keepMeta() {
    await this.store.write((store) => store("meta").put(this.meta, "device"));
  }

  // After a sign-in the server gives the secret again: for a new PIN, with everything that was recorded still here.
  async takeSecret(secret, pin, keptUntil) {
    this.meta = { ...this.meta, wrapped: await wrap(pin, secret), keptUntil, wrongPins: 0 };
    await this.keepMeta();
    await this.open(secret);
  }

  async unlock(pin) {
    const secret = await unwrap(pin, this.meta.wrapped);
    if (secret === null) {
      this.meta.wrongPins += 1;
      if (this.meta.wrongPins >= MOST_WRONG_PINS) await this.forget();
      else await this.keepMeta();
      return false;
    }
    this.meta.wrongPins = 0;
    await this.keepMeta();
    await this.open(secret);
    return true;
  }

  // The secret and the day go; what was recorded stays, sealed, until the server has it.
  async forget() {
    delete this.meta.wrapped;
    await this.store.write((store) => {
      store("meta").put(this.meta, "device");
      store("sealed").clear();
    });
    this.vault = null;
  }

  async open(secret) {
    this.vault = await openVault(secret);
    const [log, unsent, answers, day, news] = await Promise.all([
      this.store.entries("log"), this.store.keys("unsent"), this.store.entries("answers"),
      this.store.get("sealed", "day"), this.store.get("sealed", "news"),
    ]);
    this.events = await Promise.all(log.map(async ([, sealed]) => withSaid(await this.vault.open(sealed))));
    this.unsent = new Set(unsent);
    this.answers = new Map(answers);
    this.day = day ? await this.vault.open(day) : null;
    this.news = news ? await this.vault.open(news) : null;
  }

  async keep(name, value) {
    const sealed = await this.vault.seal(value);
    await this.store.write((store) => store("sealed").put(sealed, name));
    this[name] = value;
    this.changed();
  }

  // [{ kind, person, data, image? }]: all of them are recorded, or none. Returns their ids.
  record(...told) {
    const work = this.queue.then(() => this.writeEvents(told));
    this.queue = work.catch(() => {});
    return work;
  }

  async writeEvents(told) {
    const made = [];
    const images = [];
    for (const one of told) {
      const data = { ...one.data };
      if (one.image) {
        data.image = await sha256(base64.to(one.image.content));
        images.push([data.image, await this.vault.seal(one.image)]);
      }
      const before = made.at(-1) ?? this.events.at(-1);
      const counter = (before?.counter ?? 0) + 1;
      const previous = before?.seal ?? GENESIS;
      const body = JSON.stringify({
        id: uuid7(), device: this.meta.device, counter, made_at: new Date().toISOString(), kind: one.kind,
        session: this.day.session.id, person: one.person, data,
      });
      made.push(withSaid({ counter, previous, body, seal: await this.vault.chain(previous, body) }));
    }
    const sealed = await Promise.all(made.map(({ said, ...event }) => this.vault.seal(event)));
    await this.store.write((store) => {
      made.forEach((event, index) => {
        store("log").add(sealed[index], event.counter);
        store("unsent").put(1, event.counter);
      });
      images.forEach(([hash, image]) => store("images").put(image, hash));
    });
    this.events.push(...made);
    made.forEach((event) => this.unsent.add(event.counter));
    this.changed();
    this.dispatchEvent(new Event("recorded"));
    return made.map((event) => event.said.id);
  }

  // The server's answers go to the disk in the same write that takes the events off the list of unsent ones.
  async keepAnswers(answered) {
    const done = answered.map(({ counter }) => this.events[counter - 1]);
    const hashes = done.map((event) => event.said.data.image).filter(Boolean);
    await this.store.write((store) => {
      for (const { counter, answer } of answered) {
        store("answers").put(answer, counter);
        store("unsent").delete(counter);
      }
      hashes.forEach((hash) => store("images").delete(hash));
    });
    for (const { counter, answer } of answered) {
      this.answers.set(counter, answer);
      this.unsent.delete(counter);
    }
    this.changed();
  }

  async image(hash) {
    const sealed = await this.store.get("images", hash);
    return sealed ? this.vault.open(sealed) : null;
  }

  changed() {
    this.dispatchEvent(new Event("changed"));
  }
}

function withSaid(event) {
  return { ...event, said: JSON.parse(event.body) };
}

// RFC 9562, version 7: the time first, so that ids sort as they were made.
function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let index = 0; index < 6; index += 1) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
}
