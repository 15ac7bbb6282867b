// Copies the files that pages load from node_modules to campaign/static/vendor (git-ignored). No bundler.
import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const vendor = join(project, "campaign", "static", "vendor");
const files = {
  "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
  "bootstrap/LICENSE": "bootstrap/LICENSE",
  "bootstrap-icons/font/bootstrap-icons.min.css": "bootstrap-icons/bootstrap-icons.min.css",
  "bootstrap-icons/font/fonts/bootstrap-icons.woff2": "bootstrap-icons/fonts/bootstrap-icons.woff2",
  "bootstrap-icons/font/fonts/bootstrap-icons.woff": "bootstrap-icons/fonts/bootstrap-icons.woff",
  "bootstrap-icons/LICENSE": "bootstrap-icons/LICENSE",
  "zxing-wasm/dist/iife/reader/index.js": "zxing-wasm/reader.js",
  "zxing-wasm/dist/reader/zxing_reader.wasm": "zxing-wasm/zxing_reader.wasm",
  "zxing-wasm/LICENSE": "zxing-wasm/LICENSE",
};

await rm(vendor, { recursive: true, force: true });
for (const [from, to] of Object.entries(files)) {
  const target = join(vendor, to);
  await mkdir(dirname(target), { recursive: true });
  await cp(join(project, "node_modules", from), target);
}
console.log(`${Object.keys(files).length} files copied to campaign/static/vendor`);
