// What the pages of a campaign gain when scripts run: a picker for dates, sums beside targets.

for (const text of document.querySelectorAll("textarea[data-dates]")) {
  const row = document.createElement("div");
  row.className = "date-picker";
  const input = document.createElement("input");
  input.type = "date";
  input.className = "form-control";
  input.setAttribute("aria-label", text.dataset.dates);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary";
  button.textContent = text.dataset.dates;
  button.addEventListener("click", () => {
    const days = new Set(text.value.split(/[\s,;]+/).filter(Boolean));
    if (input.value) days.add(input.value);
    text.value = [...days].sort().join("\n");
    input.focus();
  });
  row.append(input, button);
  text.before(row);
}

// Another district has other facilities: the form is drawn anew for it.
for (const select of document.querySelectorAll("select[data-reload]")) {
  select.addEventListener("change", () => {
    location.search = new URLSearchParams({ [select.dataset.reload]: select.value });
  });
}

function sum(row) {
  const cells = [...row.querySelectorAll("input")].map((cell) => Number.parseInt(cell.value, 10) || 0);
  row.querySelector("[data-total]").textContent = cells.reduce((a, b) => a + b, 0);
}

for (const row of document.querySelectorAll("tr[data-sum]")) {
  sum(row);
  row.addEventListener("input", () => sum(row));
}
