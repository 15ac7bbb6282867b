// A run that is being solved: ask how far it is, show it, and load the page anew when it has ended.

const box = document.getElementById("progress");
const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 });

function show(state) {
  for (const place of box.querySelectorAll("[data-show]")) {
    const value = state[place.dataset.show];
    if (value !== undefined && value !== null) place.textContent = number.format(value);
  }
  for (const level of box.querySelectorAll("[data-level]")) {
    level.hidden = level.dataset.level !== (state.level ?? "");
  }
  if (state.seconds) box.querySelector("progress").value = state.seconds;
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.address, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const state = await answer.json();
      if (!state.is_running || state.state !== box.dataset.state) return location.reload();
      show(state);
    }
  } catch {
    // The network is away for a moment: the next question may go through.
  }
  setTimeout(ask, 1000);
}

if (box) ask();
