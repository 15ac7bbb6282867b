// Sending a workbook: say at once when a file is too large, and show that a sent one is being looked at.

for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  input.addEventListener("change", () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.largest));
    input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
    if (isTooLarge) input.reportValidity();
  });
}

for (const form of document.querySelectorAll("form.upload")) {
  form.addEventListener("submit", (event) => {
    if (!form.reportValidity()) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    form.querySelector("[data-working]").hidden = false;
  });
}

// Coming back with the browser's button: nothing is being looked at any more.
window.addEventListener("pageshow", () => {
  for (const line of document.querySelectorAll("[data-working]")) line.hidden = true;
});
