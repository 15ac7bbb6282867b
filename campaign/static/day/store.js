// IndexedDB: one database for each account that uses this telephone.
//   meta    plain: number of the device, the wrapped secret, wrong PINs
//   sealed  day and news, sealed
//   log     every event by its counter, sealed; stays until the device is wiped
//   unsent  counters that the server has not answered
//   answers what the server said of a counter
//   images  signatures and photos that wait to be sent, sealed, by hash

const STORES = ["meta", "sealed", "log", "unsent", "answers", "images"];

export class StorageFull extends Error {}

export function openStore(account) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(`serempak-day-${account}`, 1);
    asked.onupgradeneeded = () => STORES.forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => resolve(new Store(asked.result));
    asked.onerror = () => reject(asked.error);
  });
}

export function dropStore(account) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(`serempak-day-${account}`);
    asked.onsuccess = resolve;
    asked.onerror = () => reject(asked.error);
  });
}

class Store {
  constructor(db) {
    this.db = db;
  }

  get(store, key) {
    return settled(this.db.transaction(store).objectStore(store).get(key));
  }

  keys(store) {
    return settled(this.db.transaction(store).objectStore(store).getAllKeys());
  }

  // [[key, value], …] in the order of the keys
  async entries(store) {
    const rows = this.db.transaction(store).objectStore(store);
    const [keys, values] = await Promise.all([settled(rows.getAllKeys()), settled(rows.getAll())]);
    return keys.map((key, index) => [key, values[index]]);
  }

  // Do all of it or nothing: change((name) => objectStore). Resolves when it is on the disk.
  write(change) {
    return new Promise((resolve, reject) => {
      const work = this.db.transaction(STORES, "readwrite", { durability: "strict" });
      work.oncomplete = () => resolve();
      const failed = () => reject(isFull(work.error) ? new StorageFull() : work.error);
      work.onabort = failed;
      try {
        change((name) => work.objectStore(name));
      } catch (error) {
        reject(isFull(error) ? new StorageFull() : error);
        work.abort();
      }
    });
  }

  close() {
    this.db.close();
  }
}

function isFull(error) {
  return error?.name === "QuotaExceededError";
}

function settled(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

export async function askToStay() {
  await navigator.storage?.persist?.();
}

// The share of the telephone's room that is taken, from 0 to 1.
export async function fullness() {
  const { usage = 0, quota = 1 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota ? usage / quota : 0;
}
