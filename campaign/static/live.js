// Keeps the board fresh: told by server-sent events, or by asking where no stream is free.

const ASK_EVERY = 15000;

async function refresh(box) {
  try {
    const answer = await fetch(box.dataset.part, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (fresh) box.replaceChildren(fresh);
    box.classList.remove("is-stale");
  } catch {
    box.classList.add("is-stale");
  }
}

for (const box of document.querySelectorAll("[data-live]")) {
  let asking = 0;
  const ask = () => { asking ||= setInterval(() => refresh(box), ASK_EVERY); };
  if (!box.dataset.stream) { ask(); continue; }
  const stream = new EventSource(box.dataset.stream);
  stream.addEventListener("mark", (event) => {
    clearInterval(asking);
    asking = 0;
    if (event.data !== box.querySelector("#live")?.dataset.mark) refresh(box);
  });
  stream.addEventListener("error", () => {
    // A stream that ended by itself comes back alone; one that was refused does not.
    if (stream.readyState === EventSource.CLOSED) ask();
  });
  // The hour that a site will be done moves on although nothing is recorded.
  setInterval(() => refresh(box), 60000);
}
