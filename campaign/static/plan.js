// A run that is being solved: ask how far it is, show it, and load the page anew when it has ended.

const box = document.getElementById("progress");
const whole = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function inWords(level, value) {
  if (level === "cost") return `Rp ${whole.format(value)}`;
  return level === "min_coverage" ? `${tenth.format(100 * value)} %` : whole.format(value);
}

function show(state) {
  box.querySelector("progress").value = state.seconds;
  box.querySelector('[data-show="seconds"]').textContent = whole.format(state.seconds);
  for (const row of box.querySelectorAll("[data-level]")) {
    const told = state.levels[row.dataset.level];
    if (!told) continue;
    for (const cell of row.querySelectorAll("[data-show]")) {
      cell.textContent = inWords(row.dataset.level, told[cell.dataset.show]);
    }
  }
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
