// Where everybody stands: what the server last said, and on top of it what this device has recorded itself. Pure.

export function buildVisits(device) {
  const visits = new Map();
  const seen = new Set();
  const people = [...device.day.people, ...(device.news?.people ?? [])];
  for (const person of people) if (!seen.has(person.id)) visits.set(`c${person.id}`, blank({ candidate: person.id }, person)), seen.add(person.id);
  for (const known of device.news?.visits ?? device.day.visits) {
    const visit = visits.get(`c${known.candidate_id}`);
    if (visit) Object.assign(visit, structuredClone(known));
  }
  const aliases = new Map(); // arrival id -> key
  for (const event of device.events) {
    if (event.said.session !== device.day.session.id) continue;
    const answer = device.answers.get(event.counter);
    const visit = visitOf(event.said, answer, visits, aliases);
    if (visit) apply(visit, event.said, answer);
  }
  return visits;
}

function blank(ref, person) {
  return {
    ref, person, arrived_at: null, stop: null, moved_at: null, token: null, allowed: null, finding: null,
    screened_at: null, consents: [], outcome: null, aids: [], aftercare: [], problems: [],
  };
}

function visitOf(said, answer, visits, aliases) {
  const { candidate, arrival } = said.person;
  if (candidate) return visits.get(`c${candidate}`);
  if (arrival) return visits.get(aliases.get(arrival));
  const walkIn = said.data.walk_in;
  if (!walkIn) return null;
  const known = answer?.result?.candidate;
  const key = known && visits.has(`c${known}`) ? `c${known}` : `w${said.id}`;
  aliases.set(said.id, key);
  if (!visits.has(key)) {
    const person = { id: known ?? null, code: "", name: walkIn.name, method: walkIn.method, kelurahan: walkIn.kelurahan_name ?? "", find: [], expected_at: null };
    visits.set(key, blank({ arrival: said.id }, person));
  }
  return visits.get(key);
}

function apply(visit, said, answer) {
  const result = answer?.result;
  if (answer?.answer === "held" || result?.state === "refused" || result?.state === "conflict") {
    visit.problems.push({ kind: said.kind, state: answer.answer === "held" ? "held" : result.state, code: answer.code ?? result?.code });
    return;
  }
  const { data } = said;
  const at = said.made_at;
  if (said.kind === "arrived") visit.arrived_at ??= at;
  if (said.kind === "moved" && !isLater(visit.moved_at, at)) Object.assign(visit, { stop: data.stop, token: data.token || visit.token, moved_at: at });
  if (said.kind === "screened" && !isLater(visit.screened_at, at)) Object.assign(visit, { allowed: data.allowed, finding: data.finding, screened_at: at });
  if (said.kind === "consented") addOnce(visit.consents, said, { ...data, at });
  if (said.kind === "aided") addOnce(visit.aids, said, data);
  if (said.kind === "aftercare") addOnce(visit.aftercare, said, data);
  if (said.kind === "ended" && (!visit.outcome || visit.outcome.key === data.replaces)) visit.outcome = { ...data, key: said.id, at };
}

// Times of the server and of the device are written differently: compare what they mean.
function isLater(one, other) {
  return one !== null && new Date(one) > new Date(other);
}

function addOnce(rows, said, row) {
  if (!rows.some((one) => one.key === said.id)) rows.push({ ...row, key: said.id });
}

// The last decision of a signer about a method, or null.
export function decisionOf(visit, method, signer) {
  const said = visit.consents.filter((one) => one.method === method && one.signer === signer);
  said.sort((a, b) => new Date(a.at) - new Date(b.at));
  return said.at(-1) ?? null;
}

export function agreed(visit, method, signer) {
  return decisionOf(visit, method, signer)?.decision === "given";
}

export function stateOf(visit) {
  if (visit.outcome) return visit.outcome.kind;
  if (!visit.arrived_at) return "expected";
  if (visit.allowed) return visit.allowed.includes(visit.person.method) ? "eligible" : "stopped";
  return "arrived";
}

export function minutesSince(at, now = Date.now()) {
  return Math.max(0, Math.floor((now - new Date(at)) / 60_000));
}

// How much of each lot the shelf still has, after what this device gave and the server does not know yet.
export function shelf(device) {
  const lots = structuredClone(device.news?.stock ?? device.day.stock);
  for (const event of device.events) {
    const { said } = event;
    if (said.kind !== "ended" || said.data.kind !== "served" || device.answers.has(event.counter)) continue;
    for (const use of device.day.methods.find((one) => one.code === said.data.method)?.uses ?? []) take(lots, use);
  }
  return lots;
}

function take(lots, { item, quantity }) {
  for (const lot of lots.filter((one) => one.item === item)) {
    const taken = Math.min(lot.quantity, quantity);
    lot.quantity -= taken;
    quantity -= taken;
  }
}
