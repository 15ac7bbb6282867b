// Reads the code of a card with the camera: the browser's own reader where there is one, a decoder elsewhere.

import { h, say } from "./dom.js";
import { t } from "./words.js";

const FORMATS = ["qr_code", "data_matrix"];

export async function scanCard(page, found) {
  const video = h("video.day-video", { autoplay: true, muted: true, playsInline: true });
  let stop = () => {};
  const close = () => {
    stop();
    page.redraw();
  };
  page.main.replaceChildren(h("h1", {}, t("Arahkan kamera ke kode pada daftar atau kartu")), video, h("div.day-actions", {}, h("button.btn.btn-outline-primary", { type: "button", onclick: close }, t("Batal"))));
  try {
    stop = await start(video, (text) => {
      stop();
      found(text);
    });
  } catch {
    say(t("Kamera tidak dapat dipakai. Ketik kodenya."), "problem");
    page.redraw();
  }
}

async function start(video, onText) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  await video.play();
  const read = await reader();
  let isOver = false;
  const look = async () => {
    if (isOver) return;
    const text = await read(video).catch(() => null);
    if (text && !isOver) onText(text);
    else setTimeout(look, 200);
  };
  look();
  return () => {
    isOver = true;
    stream.getTracks().forEach((track) => track.stop());
  };
}

async function reader() {
  if ("BarcodeDetector" in globalThis) {
    const detector = new BarcodeDetector({ formats: FORMATS });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  await script("/static/vendor/zxing-wasm/reader.js");
  ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => "/static/vendor/zxing-wasm/zxing_reader.wasm" } });
  const canvas = h("canvas");
  return async (video) => {
    Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
    const paper = canvas.getContext("2d", { willReadFrequently: true });
    paper.drawImage(video, 0, 0);
    const image = paper.getImageData(0, 0, canvas.width, canvas.height);
    const found = await ZXingWASM.readBarcodes(image, { formats: ["QRCode", "DataMatrix"], maxNumberOfSymbols: 1 });
    return found[0]?.text;
  };
}

function script(address) {
  return new Promise((resolve, reject) => {
    document.head.append(h("script", { src: address, onload: resolve, onerror: reject }));
  });
}
