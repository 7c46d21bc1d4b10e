// Makes the thread it is called in a worker that backends of other threads can speak to.
import { expose } from "comlink";
import { host } from "./host.ts";

export const serve = (): void => expose(host);
