// A question that a worker is at: ask how far it is, and load the page anew when it has been answered.

const box = document.getElementById("question");

async function ask() {
  try {
    const answer = await fetch(box.dataset.address, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const state = await answer.json();
      if (!state.is_open) return location.reload();
      if (state.total) {
        const bar = box.querySelector("progress");
        bar.max = state.total;
        bar.value = state.done;
        box.querySelector('[data-show="steps"]').textContent = `${state.done} / ${state.total}`;
      }
    }
  } catch {
    // The network is away for a moment: the next question may go through.
  }
  setTimeout(ask, 2000);
}

if (box) ask();
