const { join } = require("node:path");

// Chrome is found or installed by scripts/prepare.mjs, never by an install script.
module.exports = { skipDownload: true, cacheDirectory: join(__dirname, ".cache", "puppeteer") };
