// What every page gains when scripts run. Without them every page still works.

document.documentElement.classList.add("has-script");

// The menu on a narrow screen.
for (const button of document.querySelectorAll("[data-toggle]")) {
  const target = document.getElementById(button.dataset.toggle);
  button.addEventListener("click", () => {
    const isOpen = target.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(isOpen));
  });
}

// An open account menu closes with Escape and with a click elsewhere.
for (const menu of document.querySelectorAll("details.account-menu")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// A form with data-confirm asks first.
const dialog = document.getElementById("confirm");
let waiting = null;
if (dialog) {
  dialog.addEventListener("click", (event) => {
    const answer = event.target.closest("button")?.value;
    if (!answer) return;
    dialog.close();
    if (answer === "yes" && waiting) {
      waiting.form.dataset.confirmed = "1";
      waiting.form.requestSubmit(waiting.button);
    }
    waiting = null;
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !form.dataset.confirmed && dialog) {
    event.preventDefault();
    waiting = { form, button: event.submitter };
    dialog.querySelector("#confirm-text").textContent = form.dataset.confirm;
    dialog.showModal();
    return;
  }
  delete form.dataset.confirmed;
  // A second press of the same button sends nothing. The key in the form guards the server as well.
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-disabled", "true");
  }
});

// Coming back with the browser's button shows the page as it was left: the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A form that came back with mistakes: read them first.
document.querySelector("[data-focus]")?.focus();

// A page with data-refresh (seconds) reads itself again while something is being worked on, unless somebody types.
const refresh = document.querySelector("[data-refresh]");
if (refresh) {
  const seconds = Number(refresh.dataset.refresh);
  setInterval(() => {
    const isTyping = document.activeElement?.matches("input, select, textarea");
    if (!document.hidden && !isTyping) location.reload();
  }, Math.max(2, seconds) * 1000);
}

// A select or tick with data-submit sends its form when it changes: filters.
for (const control of document.querySelectorAll("[data-submit]")) {
  control.addEventListener("change", () => control.form.requestSubmit());
}
