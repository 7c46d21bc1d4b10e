// The report's own script, as text: read-outs under the pointer and the arrow keys, the axis switch, series on and off, sorting.
// Without it the report shows everything but these.

export const script = String.raw`
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const plot = document.getElementById("curves");
if (plot) {
  const data = JSON.parse(document.getElementById("curves-values").textContent);
  const area = plot.querySelector(".area"), cursor = plot.querySelector(".cursor");
  const log = document.querySelector("[data-log]"), live = document.querySelector("[data-live]");
  const nearest = document.querySelector("[data-nearest]"), step = document.querySelector("[data-step]");
  const last = data.at.length - 1, off = new Set();
  let place = last, spoken = 0, timer = 0;
  const digits = (v) => v === null ? "diverged" : v !== 0 && (Math.abs(v) < 1e-3 || Math.abs(v) >= 1e4) ? v.toExponential(2).replace("e+", "e") : v.toPrecision(4);
  const whole = (v) => String(v).replace(/\B(?=(\d{3})+$)/g, ",");
  const groups = (i) => all('[data-series="' + i + '"]', plot);
  const height = (v) => {
    const [low, high] = data.ends;
    return log.checked ? Math.log(Math.max(v, low) / low) / Math.log(high / low) : v / high;
  };
  const say = () => {
    const shown = data.series.flatMap((s, i) => s.other || off.has(i) ? [] : [s.name + " " + digits(s.values[place])]);
    live.textContent = "Step " + whole(data.at[place]) + ": " + shown.join(", ");
    spoken = Date.now();
  };
  const show = (index, visible, y) => {
    place = index;
    cursor.hidden = !visible;
    cursor.style.left = 100 * data.x[index] + "%";
    step.textContent = whole(data.at[index]);
    all("[data-value]").forEach((e) => { e.textContent = digits(data.series[e.dataset.value].values[index]); });
    let close = -1, least = .06;
    if (y !== undefined) data.series.forEach((s, i) => {
      const v = s.values[index];
      const far = v === null || off.has(i) ? 1 : Math.abs(height(v) - y);
      if (far < least) { least = far; close = i; }
    });
    all(".strong", plot).forEach((g) => g.classList.remove("strong"));
    if (close >= 0) groups(close).forEach((g) => g.classList.add("strong"));
    nearest.textContent = close < 0 ? "" : "Nearest: " + data.series[close].name + ", " + digits(data.series[close].values[index]);
  };
  area.addEventListener("pointermove", (event) => {
    const box = area.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    let index = 0;
    data.x.forEach((v, i) => { if (Math.abs(v - x) < Math.abs(data.x[index] - x)) index = i; });
    show(index, true, 1 - (event.clientY - box.top) / box.height);
  });
  area.addEventListener("pointerleave", () => show(last, false));
  plot.addEventListener("blur", () => show(last, false));
  plot.addEventListener("keydown", (event) => {
    const stride = Math.max(1, Math.round(last / 50));
    const to = { ArrowLeft: place - stride, ArrowRight: place + stride, Home: 0, End: last, Escape: last }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(Math.min(last, Math.max(0, to)), event.key !== "Escape");
    clearTimeout(timer);
    timer = setTimeout(say, Math.max(150, spoken + 1000 - Date.now()));
  });
  log.addEventListener("change", () => {
    all(".layer", plot).forEach((layer) => { layer.hidden = (layer.dataset.layer === "log") !== log.checked; });
  });
  all("[data-toggle]").forEach((box) => {
    box.hidden = false;
    const which = data.series.map((s, i) => i).filter((i) => box.dataset.toggle === "others" ? data.series[i].other : i === +box.dataset.toggle);
    const row = box.closest("li");
    box.addEventListener("change", () => which.forEach((i) => {
      off[box.checked ? "delete" : "add"](i);
      groups(i).concat(all(".mark.s" + i, plot)).forEach((g) => { g.style.display = box.checked ? "" : "none"; });
    }));
    if (which.length === 1) ["pointerenter", "pointerleave"].forEach((kind) => row.addEventListener(kind, () => {
      const on = kind === "pointerenter";
      groups(which[0]).forEach((g) => g.classList.toggle("strong", on));
      data.series.forEach((s, i) => { if (i !== which[0]) groups(i).forEach((g) => g.classList.toggle("faded", on)); });
    }));
  });
}
all(".controls").forEach((e) => { e.hidden = false; });
all("table.sortable").forEach((table) => {
  all("thead th", table).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    head.setAttribute("aria-sort", column === 0 ? "ascending" : "none");
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      all("thead th", table).forEach((h) => h.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (row) => row.cells[column].dataset.sort;
      const by = (a, b) => head.classList.contains("n") ? key(a) - key(b) : key(a).localeCompare(key(b));
      const body = table.tBodies[0];
      body.append(...[...body.rows].sort((a, b) => up ? by(a, b) : by(b, a)));
    });
  });
});
`;
