// The plan's print-out and the profiler's table, on request.
import { useState } from "preact/hooks";
import { whole } from "../../../report/words.ts";
import type { DispatchProfile } from "../../../train/spec.ts";
import { engine } from "../../engine.ts";
import { errorWords } from "../../words.ts";
import { showBytes } from "../numbers.ts";

function ProfileTable({ rows }: { readonly rows: readonly DispatchProfile[] }) {
  const timed = rows.every(({ milliseconds }) => milliseconds !== undefined);
  const total = rows.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0);
  return (
    <div class="scroll">
      <table id="profile-table">
        <caption>
          One step, dispatch by dispatch
          {timed ? `: ${total.toFixed(3)} ms` : ". This adapter has no timestamps, so there are no times"}
        </caption>
        <thead>
          <tr>
            <th scope="col">Dispatch</th>
            {["ms", "share", "bytes", "operations"].map((name) => (
              <th scope="col" class="n" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, milliseconds, bytes, flops }, i) => (
            <tr key={`${i} ${name}`}>
              <th scope="row">{name}</th>
              <td class="n">{milliseconds?.toFixed(4) ?? "–"}</td>
              <td class="n">
                {milliseconds === undefined || total === 0 ? "–" : `${((100 * milliseconds) / total).toFixed(0)} %`}
              </td>
              <td class="n">{showBytes(bytes)}</td>
              <td class="n">{whole(flops)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function PlanPanel() {
  const [plan, setPlan] = useState("");
  const [profile, setProfile] = useState<readonly DispatchProfile[] | undefined>(undefined);
  const [wrong, setWrong] = useState("");
  const ask = (asked: Promise<void>): void => {
    setWrong("");
    asked.catch((caught: unknown) => setWrong(errorWords(caught)));
  };
  return (
    <>
      <p class="row">
        <button type="button" id="show-plan" onClick={() => ask(engine.plan().then(setPlan))}>
          Print the plan
        </button>
        <button type="button" id="profile" onClick={() => ask(engine.profile().then(setProfile))}>
          Profile a step
        </button>
      </p>
      {wrong !== "" && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      {profile && <ProfileTable rows={profile} />}
      {plan !== "" && (
        <pre id="plan-text" tabIndex={0}>
          {plan}
        </pre>
      )}
    </>
  );
}
