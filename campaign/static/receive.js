// The label of a pack, by camera or by a photo of it: its text goes into the field, and the form reads it.

const tool = document.querySelector("[data-label-scan]");
const { startScan, readPicture } = await import(tool.dataset.scan);
const video = tool.querySelector("video");
const open = tool.querySelector("[data-open]");
const close = tool.querySelector("[data-close]");
const photo = tool.querySelector("[data-photo]");
const said = tool.querySelector("[data-said]");
const field = document.getElementById(tool.dataset.field);
const fill = document.querySelector("button[name=fill]");
const FORMATS = ["DataMatrix", "QRCode"];
let stop = () => {};

tool.hidden = false;

function take(text) {
  stop();
  field.value = text;
  fill.click();
}

open.addEventListener("click", async () => {
  said.textContent = "";
  try {
    stop = await startScan(video, FORMATS, take);
    video.hidden = close.hidden = false;
    open.hidden = true;
  } catch {
    said.textContent = tool.dataset.noCamera;
  }
});

close.addEventListener("click", () => {
  stop();
  video.hidden = close.hidden = true;
  open.hidden = false;
});

photo.addEventListener("change", async () => {
  const text = photo.files[0] ? await readPicture(photo.files[0], FORMATS, video).catch(() => "") : "";
  if (text) take(text);
  else said.textContent = tool.dataset.noCode;
});
