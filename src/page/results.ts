// A training's numbers on the page: readouts, charts, the table. Draws at most once a frame, or once a second for reduced motion.
import { short, whole } from "../report/words.ts";
import type { Outcome, Progress, Validation } from "../worker/protocol.ts";
import { onRedraw } from "./canvas.ts";
import { LineChart } from "./chart.ts";
import { byId, setText, showShare, tableRow } from "./dom.ts";
import type { Made } from "./recipe.ts";
import { SurfaceChart } from "./surface.ts";
import { Track } from "./track.ts";

const canvas = (id: string): HTMLCanvasElement => byId(id, HTMLCanvasElement);
const text = (id: string): HTMLElement => byId(id, HTMLElement);

/** Milliseconds over which the speed is taken. */
const SPEED_SECONDS = 1.5;
/** Milliseconds between redraws for reduced motion. */
const SLOW = 1000;

interface Run {
  readonly made: Made;
  readonly loss: Track;
  readonly accuracy: Track;
  readonly validations: Validation[];
  /** Recent (steps, seconds of training). */
  readonly clock: { readonly steps: number; readonly seconds: number }[];
  diverged: number | undefined;
  test: number | undefined;
}

export class Results {
  readonly #loss = new LineChart(canvas("loss-chart"), { axis: "log", title: "nats, log scale" });
  readonly #accuracy = new LineChart(canvas("accuracy-chart"), { axis: "share", title: "share of rows right" });
  readonly #surface = new SurfaceChart(canvas("surface-chart"));
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  #run: Run | undefined;
  #due = false;
  #told = 0;

  constructor() {
    onRedraw([this.#loss.canvas, this.#accuracy.canvas, this.#surface.canvas], () => this.#draw());
  }

  /** An empty run: axes, the data, no numbers. */
  clear(made: Made): void {
    const { steps } = made.job;
    const span = Math.max(5, steps / 50);
    const tracks = { loss: new Track(steps, span), accuracy: new Track(steps, span) };
    this.#run = { made, ...tracks, validations: [], clock: [], diverged: undefined, test: undefined };
    byId("rows", HTMLTableSectionElement).replaceChildren();
    const { plane, job } = made;
    text("surface").hidden = plane === undefined;
    if (plane && job.grid) {
      this.#surface.show(plane, job.grid);
      const marks = ["circles", "squares", "triangles"].slice(0, plane.outputs).join(", ");
      const drawn = Math.min(400, plane.splits.train.count);
      setText(
        text("surface-words"),
        `${whole(drawn)} of ${whole(plane.splits.train.count)} training points; one mark a class: ${marks}.`,
      );
    }
    this.#told = 0;
    this.#draw();
  }

  add(progress: Progress): void {
    const run = this.#run;
    if (!run) return;
    run.loss.add(progress.loss);
    run.accuracy.add(progress.accuracy);
    for (const validation of progress.validations) this.#validated(run, validation);
    if (progress.surface) this.#surface.values = progress.surface;
    run.clock.push({ steps: run.loss.length, seconds: progress.seconds });
    while (run.clock.length > 2 && progress.seconds - (run.clock[1]?.seconds ?? 0) > SPEED_SECONDS) run.clock.shift();
    this.#schedule(progress.paused);
  }

  #validated(run: Run, validation: Validation): void {
    run.validations.push(validation);
    const { step, loss, accuracy } = validation;
    const cells = [whole(step), short2(run.loss.last), showShare(run.accuracy.last), short2(loss), showShare(accuracy)];
    byId("rows", HTMLTableSectionElement).append(tableRow(cells, [0, 1, 2, 3, 4]));
  }

  finish({ test }: Outcome): void {
    if (this.#run) this.#run.test = test?.accuracy;
    this.#draw();
  }

  /** Marks the first step with a number that is not finite. */
  diverged(step: number): void {
    if (this.#run) this.#run.diverged = step;
    this.#draw();
  }

  /** Steps done. */
  get steps(): number {
    return this.#run?.loss.length ?? 0;
  }

  /** The numbers as a sentence. */
  get words(): string {
    const run = this.#run;
    if (!run || run.loss.length === 0) return "no steps yet";
    const last = run.validations.at(-1);
    const validation = last ? `, validation accuracy ${showShare(last.accuracy)} at step ${whole(last.step)}` : "";
    return `step ${whole(run.loss.length)} of ${whole(run.made.job.steps)}, loss ${short2(run.loss.last)}${validation}`;
  }

  #schedule(now: boolean): void {
    if (this.#due && !now) return;
    this.#due = true;
    const draw = (): void => {
      if (this.#due) this.#draw();
    };
    if (this.#still.matches && !now) setTimeout(draw, SLOW);
    else requestAnimationFrame(draw);
  }

  #draw(): void {
    this.#due = false;
    const run = this.#run;
    if (!run) return;
    const { loss, accuracy, validations, diverged } = run;
    const common = { steps: run.made.job.steps, diverged };
    this.#loss.data = {
      ...common,
      track: loss,
      validations: validations.map((v) => ({ step: v.step, value: v.loss })),
    };
    const shares = validations.map((v) => ({ step: v.step, value: v.accuracy }));
    this.#accuracy.data = { ...common, track: accuracy, validations: shares };
    this.#loss.draw();
    this.#accuracy.draw();
    this.#surface.draw();
    this.#read(run);
    this.#label();
  }

  #read({ loss, accuracy, validations, clock, test, made }: Run): void {
    setText(text("at"), `${whole(loss.length)} / ${whole(made.job.steps)}`);
    setText(text("loss"), short2(loss.last));
    setText(text("accuracy"), showShare(accuracy.last));
    setText(text("validation"), showShare(validations.at(-1)?.accuracy));
    setText(text("test"), showShare(test));
    const [first, last] = [clock[0], clock.at(-1)];
    const seconds = (last?.seconds ?? 0) - (first?.seconds ?? 0);
    if (first && last && seconds > 0.1 && last.steps > first.steps)
      setText(text("speed"), whole((last.steps - first.steps) / seconds));
    else if (loss.length === 0) setText(text("speed"), "–");
  }

  /** The charts in words for screen readers; seldom, as they would be read again. */
  #label(): void {
    if (performance.now() - this.#told < 3000) return;
    this.#told = performance.now();
    this.#loss.canvas.setAttribute("aria-label", `Loss against step: ${this.words}`);
    this.#accuracy.canvas.setAttribute("aria-label", `Accuracy against step: ${this.words}`);
    const points = "Training points in the plane";
    const drawn = this.steps > 0 ? `${points} with the network's decisions: ${this.words}` : points;
    this.#surface.canvas.setAttribute("aria-label", drawn);
  }
}

const short2 = (value: number | undefined): string => (value === undefined ? "–" : short(value));
