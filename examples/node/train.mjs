// Trains from Node: headless Chrome does the work on WebGPU, this script gets the numbers.
// npm install fall-line vite puppeteer; node train.mjs
import { writeFileSync } from "node:fs";
import { openSession } from "fall-line/node";

const session = await openSession();
try {
  const { result, checkpoint } = await session.train(
    { data: "xor", model: "linear 16, tanh, linear 2", optimizer: "adam", lr: 0.03, steps: 300, seed: 1 },
    { onProgress: ({ step, leader }) => console.error(`step ${step}: loss ${leader.loss.toFixed(3)}`) },
  );
  writeFileSync("xor.ckpt", checkpoint);
  const { test } = result.winner ?? {};
  console.log(JSON.stringify({ adapter: result.made.adapter, steps: result.steps, test, bytes: checkpoint.length }));
} finally {
  await session.close();
}
