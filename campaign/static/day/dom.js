// Elements without markup in strings: what a person typed is never read as HTML.

export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && key !== "list" && key !== "form") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function show(...children) {
  document.getElementById("app").replaceChildren(...children.flat(3).filter(Boolean));
}

let fading = null;

// One line at the foot of the page that says what has just happened.
export function say(text, kind = "done") {
  document.querySelector(".day-toast")?.remove();
  const toast = h(`div.day-toast.${kind}`, { role: kind === "done" ? "status" : "alert" }, text);
  document.body.append(toast);
  clearTimeout(fading);
  if (kind === "done") fading = setTimeout(() => toast.remove(), 4000);
  else toast.append(h("button", { type: "button", onclick: () => toast.remove() }, "×"));
}

let number = 0;

export function field(label, control, hint) {
  control.id ||= `f${(number += 1)}`;
  return h("div.day-field", {}, h("label", { htmlFor: control.id }, label), control, hint && h("small", {}, hint));
}

export function choice(name, options, value) {
  return h("select", { name }, options.map(([code, label]) => h("option", { value: code, selected: code === value }, label)));
}

// A yes/no question, or one that may stay unanswered: big targets in a row.
export function radios(name, label, options, value) {
  const group = (number += 1);
  return h("fieldset.day-radios", {}, h("legend", {}, label), h("div.row-of", {}, options.map(([code, text]) =>
    h("label", {}, h("input", { type: "radio", name, value: code, checked: code === value, id: `r${group}-${code}` }), h("span", {}, text)))));
}
