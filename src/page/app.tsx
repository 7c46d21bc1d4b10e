// The page's frame: its name, the tabs, and the view that the address names.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { nearest } from "../core/check.ts";
import { Adapter, LackNote } from "./app_status.tsx";
import { hrefOf, route } from "./route.ts";
import { type View, views } from "./views.ts";

const loaded = new Map<string, ComponentType>();

/** A view's component, loaded on its first showing. */
function useView({ name, load }: View): ComponentType | undefined {
  const [, again] = useState(0);
  useEffect(() => {
    if (loaded.has(name)) return;
    void load().then((component) => {
      loaded.set(name, component);
      again((count) => count + 1);
    });
  }, [name, load]);
  return loaded.get(name);
}

function Shown({ view }: { readonly view: View }) {
  const Component = useView(view);
  return Component ? <Component /> : <p class="soft">Loading …</p>;
}

function Tabs({ current }: { readonly current: string }) {
  return (
    <nav aria-label="Views" class="tabs">
      {views.map(({ name, label }) => (
        <a key={name} href={hrefOf(name)} {...(name === current ? { "aria-current": "page" as const } : {})}>
          {label}
        </a>
      ))}
    </nav>
  );
}

/** What the address means where it names no view there is. */
function Unknown({ name }: { readonly name: string }) {
  const names = views.map((view) => view.name);
  const meant = nearest(name, names);
  return (
    <p class="note">
      There is no view "{name.slice(0, 40)}" here.{" "}
      {meant ? <a href={hrefOf(meant)}>Was {meant} meant?</a> : "Choose one above."}
    </p>
  );
}

export function App() {
  const { view: name } = route.value;
  const view = views.find((one) => one.name === name);
  useEffect(() => {
    document.title = view ? `${view.label} · Fall Line` : "Fall Line";
  }, [view]);
  return (
    <>
      <header>
        <h1>Fall Line</h1>
        {views.length > 1 && <Tabs current={name} />}
        <Adapter />
      </header>
      <LackNote />
      {view ? <Shown view={view} key={name} /> : <Unknown name={name} />}
    </>
  );
}
