// A vite plugin for builds: the page's Content-Security-Policy. Scripts, styles and workers are files of the page's own; no
// script stands in the HTML, none is made from text, and nothing is loaded from elsewhere.

const RULES = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types fall-line",
];

export const contentPolicy = RULES.join("; ");

/** @returns {import("vite").Plugin} */
export function policy() {
  return {
    name: "policy",
    apply: "build",
    // Before everything else in the head: it holds for what comes after it.
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: contentPolicy },
        injectTo: "head-prepend",
      },
      { tag: "meta", attrs: { name: "referrer", content: "no-referrer" }, injectTo: "head-prepend" },
    ],
  };
}
