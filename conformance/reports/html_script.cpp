#include "conformance/reports/html_parts.h"

namespace counterpart::conformance::reports {

const std::string_view html_script = R"js(
'use strict';
(() => {
  const copied = (button) => {
    const before = button.textContent;
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = before; }, 1500);
  };
  const select = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  for (const button of document.querySelectorAll('button.copy')) {
    const source = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(source.textContent);
      } catch {
        select(source);
        if (!document.execCommand('copy')) return;
      }
      copied(button);
    });
  }

  const form = document.getElementById('filter');
  if (form) {
    const search = document.getElementById('search');
    const matches = document.getElementById('matches');
    const boxes = [...form.querySelectorAll('input[type=checkbox]')];
    const rows = [...document.querySelectorAll('#case-table tbody tr')].map((row) =>
      ({ row, outcome: row.dataset.outcome, text: row.textContent.toLowerCase() }));
    const apply = () => {
      const outcomes = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, outcome, text } of rows) {
        const matching = outcomes.has(outcome) && words.every((word) => text.includes(word));
        row.hidden = !matching;
        if (matching) shown += 1;
      }
      matches.textContent = `${shown} of ${rows.length} shown`;
    };
    form.hidden = false;
    form.addEventListener('input', apply);
    form.addEventListener('submit', (event) => event.preventDefault());
    apply();
  }

  // Paper cannot be clicked: everything that is folded is printed.
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details:not([open])')];
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => { for (const details of folded) details.open = false; });
})();
)js";

}  // namespace counterpart::conformance::reports
