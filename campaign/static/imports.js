// Sending and applying a workbook: say at once when a file is too large, and show that work is going on.

for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  const mistake = document.createElement("div");
  mistake.className = "mistake";
  mistake.setAttribute("role", "alert");
  input.after(mistake);
  input.addEventListener("change", () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.largest));
    mistake.textContent = isTooLarge ? input.dataset.tooLarge : "";
    input.classList.toggle("is-invalid", isTooLarge);
    if (isTooLarge) input.dataset.refused = "1";
    else delete input.dataset.refused;
  });
}

for (const form of document.querySelectorAll("form.upload, form[action$='/apply']")) {
  form.addEventListener("submit", (event) => {
    const refused = form.querySelector("[data-refused]");
    if (refused) {
      event.preventDefault();
      event.stopPropagation();
      refused.focus();
      return;
    }
    document.querySelector("[data-working]").hidden = false;
  });
}

// Coming back with the browser's button: nothing is being looked at any more.
window.addEventListener("pageshow", () => {
  for (const line of document.querySelectorAll("[data-working]")) line.hidden = true;
});
