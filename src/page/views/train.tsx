// The Train view: settings in, one training at a time in the worker, numbers out.
import { useEffect } from "preact/hooks";
import { Page } from "../train_page.ts";

export function Train() {
  useEffect(() => {
    new Page();
  }, []);
  return (
    <>
      <p id="lack" class="note" role="note" hidden></p>
      <p id="notes" class="note" role="note" hidden></p>
      <main>
        <form id="settings" class="controls" aria-label="Settings" noValidate>
          <div class="buttons">
            <button type="button" id="run" class="primary" aria-keyshortcuts="Space">
              Run
            </button>
            <button type="button" id="step" aria-keyshortcuts=".">
              Step
            </button>
            <button type="button" id="reset" aria-keyshortcuts="r">
              Reset
            </button>
          </div>
          <p id="status" role="status">
            Ready: press Run, or the Space key.
          </p>
          <p id="error" role="alert" class="error" hidden></p>
          <div class="fields">
            <div class="field">
              <label for="data">Data</label>
              <select id="data" name="data">
                <option value="spirals">spirals</option>
                <option value="moons">moons</option>
                <option value="circles">circles</option>
                <option value="blobs">blobs</option>
                <option value="xor">xor</option>
                <option value="digits">digits (MNIST)</option>
              </select>
            </div>
            <div class="field">
              <label for="optimizer">Optimizer</label>
              <select id="optimizer" name="optimizer">
                <option value="sgd">SGD</option>
                <option value="momentum">SGD, momentum</option>
                <option value="adam">Adam</option>
                <option value="adamw">AdamW</option>
              </select>
            </div>
            <div class="field">
              <label for="lr">Learning rate</label>
              <input
                id="lr"
                name="lr"
                inputMode="decimal"
                autoComplete="off"
                spellcheck={false}
                aria-describedby="lr-wrong"
              />
              <p id="lr-wrong" class="wrong" hidden></p>
            </div>
            <div class="field">
              <label for="batch">Batch</label>
              <input id="batch" name="batch" inputMode="numeric" autoComplete="off" aria-describedby="batch-wrong" />
              <p id="batch-wrong" class="wrong" hidden></p>
            </div>
            <div class="field">
              <label for="width">Hidden width</label>
              <input id="width" name="width" inputMode="numeric" autoComplete="off" aria-describedby="width-wrong" />
              <p id="width-wrong" class="wrong" hidden></p>
            </div>
            <div class="field">
              <label for="steps">Steps</label>
              <input id="steps" name="steps" inputMode="numeric" autoComplete="off" aria-describedby="steps-wrong" />
              <p id="steps-wrong" class="wrong" hidden></p>
            </div>
            <div class="field">
              <label for="seed">Seed</label>
              <span class="seed">
                <input id="seed" name="seed" inputMode="numeric" autoComplete="off" aria-describedby="seed-wrong" />
                <button type="button" id="new-seed">
                  New
                </button>
              </span>
              <p id="seed-wrong" class="wrong" hidden></p>
            </div>
          </div>
        </form>
        <div class="results">
          <dl class="readouts">
            <div>
              <dt>Step</dt>
              <dd id="at">0</dd>
            </div>
            <div>
              <dt>Loss</dt>
              <dd id="loss">–</dd>
            </div>
            <div>
              <dt>Accuracy</dt>
              <dd id="accuracy">–</dd>
            </div>
            <div>
              <dt>Validation</dt>
              <dd id="validation">–</dd>
            </div>
            <div>
              <dt>Test</dt>
              <dd id="test">–</dd>
            </div>
            <div>
              <dt>Steps/s</dt>
              <dd id="speed">–</dd>
            </div>
          </dl>
          <p class="legend" aria-hidden="true">
            <span>
              <i class="swatch train"></i>training batch, smoothed
            </span>
            <span>
              <i class="swatch raw"></i>each batch
            </span>
            <span>
              <i class="swatch validation"></i>validation
            </span>
          </p>
          <div class="charts">
            <figure id="surface">
              <figcaption>Data and decisions</figcaption>
              <canvas id="surface-chart" role="img" aria-label="The training points"></canvas>
              <p class="soft" id="surface-words"></p>
            </figure>
            <figure>
              <figcaption>Loss</figcaption>
              <canvas
                id="loss-chart"
                role="img"
                aria-label="Loss: no steps yet"
                aria-describedby="table-title"
              ></canvas>
            </figure>
            <figure>
              <figcaption>Accuracy</figcaption>
              <canvas
                id="accuracy-chart"
                role="img"
                aria-label="Accuracy: no steps yet"
                aria-describedby="table-title"
              ></canvas>
            </figure>
          </div>
          <details>
            <summary id="table-title">Validations as a table</summary>
            <section class="scroll" aria-labelledby="table-title">
              <table>
                <thead>
                  <tr>
                    <th scope="col" class="n">
                      Step
                    </th>
                    <th scope="col" class="n">
                      Training loss
                    </th>
                    <th scope="col" class="n">
                      Training accuracy
                    </th>
                    <th scope="col" class="n">
                      Validation loss
                    </th>
                    <th scope="col" class="n">
                      Validation accuracy
                    </th>
                  </tr>
                </thead>
                <tbody id="rows"></tbody>
              </table>
            </section>
          </details>
        </div>
        <aside class="more" aria-label="The model and the keys">
          <section aria-labelledby="model-title" class="model">
            <h2 id="model-title">Model</h2>
            <table>
              <thead>
                <tr>
                  <th scope="col">Layer</th>
                  <th scope="col" class="n">
                    Output
                  </th>
                  <th scope="col" class="n">
                    Parameters
                  </th>
                </tr>
              </thead>
              <tbody id="layers"></tbody>
              <tfoot id="total"></tfoot>
            </table>
            <p id="memory" class="soft"></p>
          </section>
          <details class="keys">
            <summary>Keys</summary>
            <dl>
              <dt>
                <kbd>Space</kbd>
              </dt>
              <dd>run or pause</dd>
              <dt>
                <kbd>.</kbd>
              </dt>
              <dd>one step</dd>
              <dt>
                <kbd>r</kbd>
              </dt>
              <dd>reset</dd>
            </dl>
            <label class="check">
              <input type="checkbox" id="shortcuts" checked /> Use these keys
            </label>
          </details>
        </aside>
      </main>
    </>
  );
}
