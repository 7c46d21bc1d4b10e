// Serves the digits at /digits.bin, in development and in a preview, and puts them beside a built page.

import { copyFileSync, createReadStream, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
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
 * The file is made when it is first asked for, or by a build, whose page offers the digits; where they cannot be made it says so.
 * @param {string} [home] whose cache holds the file for a build
 * @returns {import("vite").Plugin}
 */
export function digitsPlugin(home = root) {
  /** @type {string} */
  let folder;
  return {
    name: "digits",
    configResolved({ build }) {
      folder = build.outDir;
    },
    configureServer: ({ middlewares }) => void middlewares.use(`/${NAME}`, answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(`/${NAME}`, answer),
    async writeBundle() {
      const made = await prepareDigits(home).catch((/** @type {unknown} */ error) => {
        this.warn(`the page has no digits: ${error instanceof Error ? error.message : String(error)}`);
      });
      if (!made) return;
      mkdirSync(resolve(home, folder), { recursive: true });
      copyFileSync(made, resolve(home, folder, NAME));
    },
  };
}
