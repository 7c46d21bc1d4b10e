// What the network takes for what, and the mistakes it is surest of.
import { whole } from "../../../report/words.ts";
import { colour, fitted, rgbOf } from "../../canvas.ts";
import { CanvasView } from "../../canvas_view.tsx";
import type { Confusion, Mistake } from "../../trainer/protocol.ts";
import { showShare } from "../numbers.ts";
import { currentRun } from "../store.ts";

function Matrix({ confusion }: { readonly confusion: Confusion }) {
  const { classes, counts, step } = confusion;
  const size = classes.length;
  const rows = classes.map((_, row) => Array.from(counts.subarray(row * size, (row + 1) * size)));
  return (
    <div class="scroll">
      <table class="matrix">
        <caption>
          Validation rows at step {whole(step)}: what they are down, what the network took them for across
        </caption>
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, label) => {
            const total = row.reduce((sum, count) => sum + count, 0) || 1;
            return (
              <tr key={classes[label]}>
                <th scope="row">{classes[label]}</th>
                {row.map((count, guess) => (
                  <td
                    key={classes[guess]}
                    class={guess === label ? "right" : "off"}
                    style={{ "--share": String(Math.round(100 * Math.sqrt(count / total))) }}
                  >
                    {count === 0 ? "·" : count}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function drawDigit(canvas: HTMLCanvasElement, { x }: Mistake): void {
  const side = Math.sqrt(x.length);
  const drawing = fitted(canvas);
  if (!drawing) return;
  const [ink, ground] = [rgbOf(colour("--ink")), rgbOf(colour("--tint"))];
  const image = new ImageData(side, side);
  for (let i = 0; i < x.length; i++) {
    const mix = (x[i] as number) / 255;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = mix * (ink[c] as number) + (1 - mix) * (ground[c] as number);
    image.data[4 * i + 3] = 255;
  }
  const one = new OffscreenCanvas(side, side);
  one.getContext("2d")?.putImageData(image, 0, 0);
  drawing.context.drawImage(one, 0, 0, drawing.width, drawing.height);
}

function Mistakes({ confusion, images }: { readonly confusion: Confusion; readonly images: boolean }) {
  const { mistakes, classes } = confusion;
  if (mistakes.length === 0) return <p class="soft">No mistakes on the validation rows.</p>;
  if (!images) return null;
  return (
    <>
      <h3>The mistakes it is surest of</h3>
      <ul class="mistakes">
        {mistakes.map((mistake) => {
          const [label, guess] = [classes[mistake.label] ?? "", classes[mistake.guess] ?? ""];
          return (
            <li key={mistake.row}>
              <CanvasView
                id={`mistake-${mistake.row}`}
                label={`A ${label} taken for a ${guess}`}
                draw={(canvas) => drawDigit(canvas, mistake)}
                class="digit"
              />
              <span>
                {label} → <b>{guess}</b> <span class="soft">{showShare(mistake.probability)}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

export function ConfusionPanel({ images }: { readonly images: boolean }) {
  const confusion = currentRun()?.confusion;
  if (!confusion) return <p class="soft">Press Run or Step.</p>;
  return (
    <>
      <Matrix confusion={confusion} />
      <Mistakes confusion={confusion} images={images} />
    </>
  );
}
