// What the bench says while it works: on stderr, so that stdout holds the tables alone.
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
