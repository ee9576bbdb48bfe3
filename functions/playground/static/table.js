// A table that scrolls sideways where it is wider than the window.

import { element } from "./elements.js";

// Its cells are texts or elements.
export function table(label, columns, rows) {
  const head = element("tr", {}, columns.map((name) => element("th", { scope: "col" }, name)));
  const lines = rows.map((cells) => element("tr", {}, cells.map((cell) => element("td", {}, cell))));

  return element(
    "div",
    { class: "scrolls", tabindex: "0", role: "region", "aria-label": label },
    element("table", {}, element("thead", {}, head), element("tbody", {}, lines)),
  );
}
