// The keys of the device. The server gives one secret; it is kept wrapped under the PIN, and everything stored is
// sealed under a key made of it. Without the PIN, or a new sign-in, what lies on the telephone tells nothing.

const ROUNDS = 600_000;
const text = new TextEncoder();

export const base64 = {
  of: (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("")),
  to: (written) => Uint8Array.from(atob(written), (letter) => letter.charCodeAt(0)),
};

export const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function pinKey(pin, salt) {
  const typed = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function wrap(pin, secret) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await pinKey(pin, salt), secret);
  return { salt, iv, data };
}

// The secret, or null when the PIN is wrong.
export async function unwrap(pin, wrapped) {
  const key = await pinKey(pin, wrapped.salt);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: wrapped.iv }, key, wrapped.data));
  } catch {
    return null;
  }
}

async function hmacKey(secret, purpose) {
  const master = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const bytes = await crypto.subtle.sign("HMAC", master, text.encode(`serempak device ${purpose}`));
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

async function storeKey(secret) {
  const master = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: text.encode("serempak device store") };
  return crypto.subtle.deriveKey(how, master, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function openVault(secret) {
  const [store, chain, find] = await Promise.all([storeKey(secret), hmacKey(secret, "chain"), hmacKey(secret, "find")]);
  const sign = async (key, said) => hex(await crypto.subtle.sign("HMAC", key, text.encode(said)));
  return {
    async seal(value) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, store, text.encode(JSON.stringify(value))) };
    },
    async open({ iv, data }) {
      const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, store, data);
      return JSON.parse(new TextDecoder().decode(bytes));
    },
    chain: (previous, body) => sign(chain, `${previous}\n${body}`),
    fingerprint: async (digits) => (await sign(find, digits)).slice(0, 20),
  };
}

export async function sha256(bytes) {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}
