// A line of progress to the driver.
export const say = (line: string): void => console.info(`bench: ${line}`);
