// Serves the digits at /digits.bin, in development and in a preview, and puts them beside a built page.

import { copyFileSync, createReadStream, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareDigits } from "./digits.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NAME = "digits.bin";

/** @type {import("vite").Connect.NextHandleFunction} */
function answer(_, response) {
  prepareDigits(root).then(
    (path) => {
      response.setHeader("content-type", "application/octet-stream");
      createReadStream(path).pipe(response);
    },
    (error) => {
      response.statusCode = 404;
      response.end(error instanceof Error ? error.message : String(error));
    },
  );
}

/**
 * The file is made when it is first asked for. A build takes it along if it has been made: npm run build needs no digits.
 * @returns {import("vite").Plugin}
 */
export function digitsPlugin() {
  /** @type {string} */
  let folder;
  return {
    name: "digits",
    configResolved({ build }) {
      folder = build.outDir;
    },
    configureServer: ({ middlewares }) => void middlewares.use(`/${NAME}`, answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(`/${NAME}`, answer),
    writeBundle() {
      const made = join(root, ".cache", NAME);
      if (!existsSync(made)) return;
      mkdirSync(join(root, folder), { recursive: true });
      copyFileSync(made, join(root, folder, NAME));
    },
  };
}
