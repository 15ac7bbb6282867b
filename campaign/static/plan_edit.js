// Changing a plan by hand: whoever is dragged onto a cell of the board is moved there. The forms do the same without.

const area = document.querySelector("[data-edit]");
let dragged = null;

function formOf(kind) {
  return area.querySelector(`form[data-move="${kind}"]`);
}

function fill(form, subject, cell) {
  form.elements.subject.value = subject;
  form.elements.to_facility.value = cell.dataset.facility;
  form.elements.to_date.value = cell.dataset.date;
}

if (area && area.dataset.fixed === "0") {
  for (const chip of area.querySelectorAll(".chip[draggable]")) {
    chip.addEventListener("dragstart", (event) => {
      dragged = chip;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", chip.textContent.trim());
      chip.classList.add("is-dragged");
    });
    chip.addEventListener("dragend", () => {
      dragged = null;
      chip.classList.remove("is-dragged");
      for (const cell of area.querySelectorAll(".is-over")) cell.classList.remove("is-over");
    });
    // A press on a group takes it over into the form below: also what a finger does on a phone.
    chip.addEventListener("click", () => {
      const form = formOf(chip.dataset.kind);
      form.elements.subject.value = chip.dataset.subject;
      form.elements.subject.dispatchEvent(new Event("change"));
      form.querySelector("select").focus();
    });
  }

  for (const cell of area.querySelectorAll(".drop")) {
    cell.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      cell.classList.add("is-over");
    });
    cell.addEventListener("dragleave", () => cell.classList.remove("is-over"));
    cell.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!dragged) return;
      const form = formOf(dragged.dataset.kind);
      const changed = form.elements.subject.value !== dragged.dataset.subject;
      fill(form, dragged.dataset.subject, cell);
      if (changed) form.elements.subject.dispatchEvent(new Event("change"));
      form.requestSubmit();
    });
  }

  // Another group: all of it, until somebody says fewer.
  const group = formOf("group");
  group?.elements.subject.addEventListener("change", () => {
    const chosen = group.elements.subject.selectedOptions[0];
    if (chosen) group.elements.number.value = chosen.dataset.count;
  });
}
