// Reads codes with the camera: the browser's own reader where it can, the decoder beside this file elsewhere.
//
//   const stop = await startScan(video, ["DataMatrix", "QRCode"], (text) => …);
//
// The video element says where the decoder is: data-reader (script) and data-wasm. Rejects when there is no camera or
// nobody allowed it. The scan goes on until stop() is called; the same code is told once.

const NATIVE = { DataMatrix: "data_matrix", QRCode: "qr_code", Code128: "code_128", EAN13: "ean_13" };
const PAUSE_MS = 200;

export async function startScan(video, formats, onText) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  await video.play();
  const read = await chooseReader(video, formats);
  let isOver = false;
  let last = "";
  const look = async () => {
    if (isOver) return;
    const text = await read().catch(() => "");
    if (text && text !== last && !isOver) onText((last = text));
    setTimeout(look, PAUSE_MS);
  };
  look();
  return () => {
    isOver = true;
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
}

// Reads one picture, for a photo instead of the camera: resolves to the text, or to nothing.
export async function readPicture(picture, formats, place) {
  await loadDecoder(place);
  const found = await ZXingWASM.readBarcodes(picture, options(formats));
  return found[0]?.text ?? "";
}

async function chooseReader(video, formats) {
  const native = formats.map((format) => NATIVE[format]);
  if ("BarcodeDetector" in globalThis) {
    const known = await BarcodeDetector.getSupportedFormats();
    if (native.every((format) => known.includes(format))) {
      const detector = new BarcodeDetector({ formats: native });
      return async () => (await detector.detect(video))[0]?.rawValue ?? "";
    }
  }
  await loadDecoder(video);
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    if (!video.videoWidth) return "";
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    paper.drawImage(video, 0, 0);
    const found = await ZXingWASM.readBarcodes(paper.getImageData(0, 0, canvas.width, canvas.height), options(formats));
    return found[0]?.text ?? "";
  };
}

// Plain text keeps the separators of a GS1 label, which the server needs to tell its fields apart.
function options(formats) {
  return { formats, maxNumberOfSymbols: 1, tryHarder: true, textMode: "Plain" };
}

async function loadDecoder(place) {
  if (globalThis.ZXingWASM) return;
  await new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: place.dataset.reader });
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => place.dataset.wasm } });
}
