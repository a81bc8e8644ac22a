#include "conformance/reports/html_parts.h"

namespace counterpart::conformance::reports {

const std::string_view html_style = R"css(
:root {
  color-scheme: light dark;
  --paper: #fcfcfb; --sheet: #ffffff; --ink: #1f2328; --faint: #59616b; --line: #d9dde2; --code: #f3f4f6;
  --link: #0b57a4; --red: #b02a20; --green: #1b6a3d; --amber: #805300; --blue: #3b5aa0;
  --red-sheet: #fdeceb; --green-sheet: #e6f5ec; --amber-sheet: #fcf2dd; --blue-sheet: #ebf0fb; --grey-sheet: #eef0f2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --sheet: #1b1e22; --ink: #e3e6ea; --faint: #a2abb5; --line: #343a41; --code: #22262b;
    --link: #8ab8f5; --red: #ff9c94; --green: #7fd6a0; --amber: #ecbc64; --blue: #a8c0f5;
    --red-sheet: #3a2120; --green-sheet: #1b3326; --amber-sheet: #372c17; --blue-sheet: #222c42; --grey-sheet: #2a2f35;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 76rem; padding: 2.5rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere;
}
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 1.25rem; margin: 0 0 1rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .6rem; }
h4 { font-size: .9rem; margin: 1.5rem 0 .5rem; }
h5 { font-size: .8rem; margin: 0 0 .3rem; font-weight: 600; color: var(--faint); }
section { margin-top: 2.75rem; }
nav { display: flex; flex-wrap: wrap; gap: 1.25rem; margin-top: 1.25rem; }
.kicker { margin: 0 0 .25rem; color: var(--faint); font-size: .9rem; }
.facts { display: flex; flex-wrap: wrap; gap: .3rem 1.75rem; margin: 0; font-size: .9rem; }
.facts div { display: flex; gap: .45rem; min-width: 0; }
.facts dt { color: var(--faint); white-space: nowrap; }
.facts dd { margin: 0; min-width: 0; }
code, pre { font: .85rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre {
  margin: 0; padding: .7rem .85rem; background: var(--code); border-radius: 6px; overflow: auto; max-height: 32rem;
  white-space: pre-wrap; tab-size: 4;
}
.verdict { margin: 0 0 1.25rem; padding: .7rem 1rem; border-radius: 6px; font-weight: 600; }
.verdict.good { background: var(--green-sheet); color: var(--green); }
.verdict.bad { background: var(--red-sheet); color: var(--red); }
.tiles {
  display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; padding: 0; list-style: none;
  color: var(--faint);
}
.tiles li { display: flex; align-items: baseline; gap: .45rem; }
.tiles b {
  font-size: 1.5rem; line-height: 1.2; font-weight: 650; color: var(--ink);
  font-variant-numeric: tabular-nums;
}
.tiles .none b { color: var(--faint); font-weight: 400; }
.tiles .passed b { color: var(--green); }
.tiles .failed b { color: var(--red); }
.tiles .known b { color: var(--blue); }
.tiles .inconclusive b { color: var(--amber); }
.bar {
  display: block; width: 100%; height: 8px; margin-top: 1.1rem; border-radius: 4px;
  background: var(--grey-sheet);
}
.fill-passed { fill: var(--green); } .fill-failed { fill: var(--red); } .fill-skipped { fill: var(--line); }
.fill-known { fill: var(--blue); } .fill-inconclusive { fill: var(--amber); }
article {
  margin: 0 0 1.5rem; padding: 1.1rem 1.25rem 1.25rem; background: var(--sheet);
  border: 1px solid var(--line); border-radius: 8px;
}
article h3 { margin: 0 0 .5rem; line-height: 1.6; font-weight: 600; }
article h3 code { font-size: .95rem; }
article > .facts { margin-top: 1.25rem; }
.number { font-variant-numeric: tabular-nums; }
article h3 .number { color: var(--faint); margin-right: .2rem; }
.on { color: var(--faint); font-weight: 400; }
.message { margin: 0 0 .25rem; font-weight: 550; }
.requirement, .note { margin: .25rem 0; color: var(--faint); font-size: .9rem; }
.badge {
  display: inline-block; padding: 0 .5rem; border-radius: 4px; font-size: .8rem; line-height: 1.5rem;
  font-weight: 600; white-space: nowrap;
}
.badge, .badge.plain, .badge.skipped { background: var(--grey-sheet); color: var(--ink); }
.badge.passed { background: var(--green-sheet); color: var(--green); }
.badge.failed { background: var(--red-sheet); color: var(--red); }
.badge.inconclusive { background: var(--amber-sheet); color: var(--amber); }
.badge.known { background: var(--blue-sheet); color: var(--blue); }
.exchange { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .75rem 1rem; }
.exchange pre { max-height: 20rem; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
details ol { padding-left: 1.4rem; }
.diff { white-space: pre; padding: .5rem 0; }
.diff span { display: block; padding: 0 .85rem; width: max-content; min-width: 100%; }
.legend { display: flex; flex-wrap: wrap; gap: .4rem .75rem; margin: .5rem 0; font-size: .85rem; }
.legend .removed, .legend .added { padding: 0 .4rem; border-radius: 4px; }
.removed { background: var(--red-sheet); color: var(--red); }
.added { background: var(--green-sheet); color: var(--green); }
.left-out { color: var(--faint); }
.box { position: relative; }
.box pre { padding-right: 5.5rem; min-height: 2.9rem; }
.copy {
  position: absolute; top: .4rem; right: .4rem; padding: .2rem .7rem; font: inherit; font-size: .85rem;
  color: var(--ink); background: var(--sheet); border: 1px solid var(--line); border-radius: 5px; cursor: pointer;
}
.copy:hover { border-color: var(--faint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; color: var(--faint); padding-bottom: .4rem; }
th, td { padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--faint); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; }
th.number, td.number { text-align: right; white-space: nowrap; padding-right: 0; padding-left: .75rem; }
.matrix { width: auto; overflow-wrap: normal; }
.matrix thead th { white-space: normal; vertical-align: bottom; }
.matrix td { white-space: nowrap; font-variant-numeric: tabular-nums; }
.matrix tbody th { white-space: nowrap; }
.matrix td .cell + .cell { margin-top: .25rem; }
.matrix td .cell { display: block; width: fit-content; }
.cell { padding: .05rem .5rem; border-radius: 4px; }
.cell.had { background: var(--green-sheet); color: var(--green); }
.cell.lacks { background: var(--red-sheet); color: var(--red); }
.cell.assumed, .cell.assumed-not { background: var(--grey-sheet); color: var(--ink); }
td.lacks { color: var(--red); font-weight: 600; }
form { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 1.5rem; margin-bottom: 1rem; font-size: .9rem; }
form[hidden], tr[hidden], .copy[hidden] { display: none; }
fieldset { display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: 0; padding: 0; border: 0; min-width: 0; }
legend { float: left; margin-right: 1rem; padding: 0; color: var(--faint); }
input { accent-color: var(--link); }
input[type=search] {
  font: inherit; width: 15rem; max-width: 100%; padding: .3rem .6rem; margin-left: .35rem; color: var(--ink);
  background: var(--sheet); border: 1px solid var(--faint); border-radius: 5px;
}
output { color: var(--faint); }
footer {
  margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--faint);
  font-size: .85rem;
}
@media (max-width: 44rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.4rem; }
  article { padding: .9rem .9rem 1rem; }
  .exchange { grid-template-columns: minmax(0, 1fr); }
  .wide { display: none; }
  .matrix th .on { display: block; }
  .tiles { gap: .35rem 1.25rem; }
  .tiles b { font-size: 1.2rem; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, form, .copy { display: none !important; }
  pre, .exchange pre { max-height: none; border: 1px solid var(--line); }
  .diff { white-space: pre-wrap; }
  .diff span { width: auto; }
  article h3, h2, h4 { break-after: avoid; }
  .scroll { overflow: visible; }
  tr { break-inside: avoid; }
}
)css";

}  // namespace counterpart::conformance::reports
