// The model in numbers before anything runs: layers, parameters, memory.
import { whole } from "../../report/words.ts";
import { showBytes } from "./numbers.ts";
import { made } from "./store.ts";

export function ModelTable() {
  const { made: able, wrong } = made.value;
  if (!able)
    return (
      <p id="wrong" class="wrong" role="alert">
        {wrong}
      </p>
    );
  const { rows, parameters, bytes } = able.summary;
  return (
    <>
      <p id="memory" class="soft">
        <b id="total">{whole(parameters)}</b> parameters, {showBytes(bytes.parameters)}; optimizer state{" "}
        {showBytes(bytes.state)}; activations about {showBytes(bytes.activations)}.
      </p>
      <details>
        <summary>Layer by layer</summary>
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
          <tbody id="layers">
            {rows.map(({ name, kind, output, parameters: own }) => (
              <tr key={name}>
                <th scope="row">{kind}</th>
                <td class="n">{output.join(" x ")}</td>
                <td class="n">{own === 0 ? "" : whole(own)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
