// The report's style sheet. Line colours are Okabe & Ito's, darkened on white and lightened on black to a contrast of 3 : 1.

export const light = {
  ground: "#ffffff",
  lines: ["#0072b2", "#d55e00", "#008f68", "#b8578c", "#b07a00", "#2b93cf", "#222222", "#8a7f00"],
} as const;

export const dark = {
  ground: "#14171b",
  lines: ["#4aa3df", "#f07a28", "#1fb98c", "#dd94bb", "#e69f00", "#8fd0f5", "#f2f2f2", "#f0e442"],
} as const;

/** No two alike: a line is told from another without its colour. */
export const DASHES = ["none", "9 4", "2 3", "10 3 2 3", "16 4", "5 3", "10 3 2 3 2 3", "1 5"] as const;

const colours = (lines: readonly string[]): string => lines.map((colour, i) => `--c${i}:${colour}`).join(";");

const series = light.lines.map((_, i) => `.c${i}{--line:var(--c${i})}.k${i}{stroke-dasharray:${DASHES[i]}}`).join("\n");

export const style = `
:root{color-scheme:light dark;--ground:${light.ground};--ink:#1b1f24;--soft:#57606a;--rule:#d5dade;--tint:#f4f6f8;--grey:#a3abb3;--link:#005a8e;${colours(light.lines)}}
@media (prefers-color-scheme:dark){:root{--ground:${dark.ground};--ink:#e8eaed;--soft:#a3abb5;--rule:#343a41;--tint:#1d2126;--grey:#656d76;--link:#7cc0f0;${colours(dark.lines)}}}
${series}
.other{--line:var(--grey)}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:64rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:.15rem 0 1rem;overflow-wrap:anywhere;text-wrap:balance}
h2{font-size:1.2rem;margin:0 0 .35rem}
h3{font-size:1rem;font-weight:600;margin:1.25rem 0 0}
section{margin:2.75rem 0 0}
p{margin:0 0 .6rem;max-width:48rem;overflow-wrap:anywhere}
.over,.caption,.hint,.xtitle,.ytitle,.nearest,caption{color:var(--soft);font-size:.875rem}
.over{margin:0}
.lead{font-size:1.2rem;line-height:1.45}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.9rem 1.5rem;margin:1.5rem 0 0;padding:1rem 1.1rem;background:var(--tint);border-radius:8px}
.facts div:first-child{grid-column:span 2}
.facts dt,.made dt{color:var(--soft);font-size:.8125rem}
.facts dd,.made dd{margin:0;overflow-wrap:anywhere}
.made{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.5rem;margin:.5rem 0 1rem}
.made dt{padding-top:.1rem}
.limits{padding-left:1.2rem;margin:.5rem 0;max-width:48rem}
.limits li{margin:.3rem 0}
.controls{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;font-size:.9375rem;margin:.25rem 0 .5rem}
[hidden]{display:none!important}
.split{display:grid;grid-template-columns:minmax(0,1fr) 16rem;gap:1.5rem;align-items:start}
.plot{padding:0 1.25rem 0 3.6rem;margin:.5rem 0 0;border-radius:4px}
.plot.names{padding-left:15rem}
.area{position:relative;border-left:1px solid var(--soft);border-bottom:1px solid var(--soft);margin-bottom:1.5rem;touch-action:pan-y}
.layer,.layer svg{position:absolute;inset:0;width:100%;height:100%}
.layer svg{overflow:hidden}
.plot path,.swatch path{fill:none;vector-effect:non-scaling-stroke}
.grid{stroke:var(--rule);stroke-width:1}
.line{stroke:var(--line);stroke-width:2;stroke-linejoin:round}
.line.other{stroke-width:1;opacity:.7}
.swatch .line.other{opacity:1}
.plot .band{fill:var(--line);opacity:.16;stroke:none}
.dot{stroke:var(--line);stroke-width:8;stroke-linecap:round;opacity:.85;stroke-dasharray:none}
.dot.other{stroke-width:6}
.spread{stroke:var(--soft);stroke-width:1.5}
.median{stroke:var(--ink);stroke-width:2}
.faded{opacity:.18}
.strong .line{stroke:var(--strong,var(--line));stroke-width:3.5;opacity:1}
.strong .line.other{--strong:var(--ink);stroke-width:2}
.yt,.xt{position:absolute;font-size:.8125rem;color:var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums}
.yt{right:100%;margin-right:.4rem;transform:translateY(-50%);line-height:1.1}
.names .yt{color:var(--ink);width:14.2rem;text-align:right;overflow:hidden;text-overflow:ellipsis;padding:.1rem 0}
.xt{top:100%;margin-top:.25rem;transform:translateX(-50%)}
.xtitle{text-align:center}
.ytitle{margin:0 0 .5rem -3.6rem}
.names .ytitle{display:none}
.mark{position:absolute;transform:translate(-50%,-50%);color:var(--line);font-weight:700;line-height:1;pointer-events:none}
.ring{width:17px;height:17px;border:2px solid var(--line);border-radius:50%}
.beyond{font-size:.75rem;margin-left:17px}
.beyond.least{margin-left:-17px}
.edge{transform:translate(.3rem,-50%)}
.cursor{position:absolute;top:0;bottom:0;width:0;border-left:1px solid var(--ink);pointer-events:none}
.legend{font-size:.9375rem}
.legend p{margin:.5rem 0}
.legend ul{list-style:none;margin:0;padding:0}
.legend li,.legend label{display:flex;gap:.5rem;align-items:baseline}
.legend li{padding:.2rem 0;border-bottom:1px solid var(--rule)}
.legend label{flex:1;cursor:pointer;min-width:0}
.legend .name{flex:1;min-width:0;overflow-wrap:anywhere;line-height:1.3}
.legend small{display:block;color:var(--soft)}
.legend .value,td,.facts dd{font-variant-numeric:tabular-nums}
.swatch{width:40px;height:10px;flex:none}
.nearest{min-height:1.5em}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.9375rem;width:100%}
caption{text-align:left;padding:.25rem 0}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--rule);white-space:nowrap;vertical-align:baseline}
tbody th{font-weight:600;position:sticky;left:0;background:var(--ground)}
.first th{background:var(--tint)}
thead th{vertical-align:bottom}
.sortable th,.sortable td{padding-right:.6rem}
th.n,td.n{text-align:right}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
th[aria-sort] button::after{content:" \\2195";color:var(--grey)}
th[aria-sort=ascending] button::after{content:" \\2191";color:inherit}
th[aria-sort=descending] button::after{content:" \\2193";color:inherit}
tr.first{background:var(--tint)}
details{margin:.75rem 0}
summary{cursor:pointer;color:var(--link)}
pre{overflow-x:auto;background:var(--tint);padding:1rem;border-radius:8px;font-size:.8125rem;line-height:1.45}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (prefers-reduced-motion:no-preference){.line,.band,.dot{transition:opacity .12s}}
@media (max-width:46rem){
main{padding:1.25rem 1rem 3rem}
h1{font-size:1.5rem}
.lead{font-size:1.0625rem}
.split{grid-template-columns:minmax(0,1fr);gap:.5rem}
.plot{padding:0 1.25rem 0 3.1rem}
.plot.names{padding-left:8.5rem}
.names .yt{width:7.9rem}
.spare{display:none}
.ytitle{margin-left:-3.1rem}
.made{grid-template-columns:minmax(0,1fr);gap:0}
.made dd{margin-bottom:.6rem}
}
@media print{.controls,.hint,summary{display:none}.line,.band,.dot{print-color-adjust:exact}section{break-inside:avoid}}
`;
