// Lines that a test, in Node or in the browser, sends to the end of the whole run's output.

export const PREFIX = "[summary] ";
export const ANNOUNCE = "[once] ";

/** Prints this line once more after the last test, above the closing counts. One line, no line breaks. */
export function summary(line: string): void {
  if (line.includes("\n")) throw new Error(`summary: "${line}" has a line break, one line was expected`);
  console.log(PREFIX + line);
}

/** Prints `topic: line` at once, but only the first time in the whole run. */
export function announce(topic: string, line: string): void {
  console.log(`${ANNOUNCE}${topic}: ${line}`);
}
