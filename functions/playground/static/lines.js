// Lines between the columns of rankings: what moved where.

import { svgElement } from "./elements.js";

let watching = null;

// Join each document in a column of *place* with itself in the next one, and do so again whenever their sizes change.
export function drawLines(place) {
  watching?.disconnect();
  watching = new ResizeObserver(() => draw(place));
  for (const column of place.querySelectorAll(".column")) watching.observe(column);
}

function draw(place) {
  const pinned = new Set(Array.from(place.querySelectorAll("li.pinned"), (row) => row.dataset.document));
  place.querySelector("svg.lines")?.remove();
  const columns = [...place.querySelectorAll(".column")];
  const origin = columns[0].getBoundingClientRect();
  const lines = columns.slice(1).flatMap((column, index) => between(columns[index], column, origin));
  for (const line of lines) line.classList.toggle("pinned", pinned.has(line.dataset.document));
  const { width, height } = extent(columns, origin);
  place.prepend(svgElement("svg", { class: "lines", width, height, "aria-hidden": "true" }, lines));
}

function between(left, right, origin) {
  const places = new Map(Array.from(left.querySelectorAll("li"), (row) => [row.dataset.document, row.getBoundingClientRect()]));

  return Array.from(right.querySelectorAll("li"))
    .filter((row) => places.has(row.dataset.document))
    .map((row) => line(places.get(row.dataset.document), row.getBoundingClientRect(), row.dataset.document, origin));
}

function line(from, to, document, origin) {
  const [x1, y1] = [from.right - origin.left, (from.top + from.bottom) / 2 - origin.top];
  const [x2, y2] = [to.left - origin.left, (to.top + to.bottom) / 2 - origin.top];
  const middle = (x1 + x2) / 2;
  const direction = y2 < y1 ? "up" : y2 > y1 ? "down" : "level";

  return svgElement("path", {
    d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`,
    class: direction,
    "data-document": document,
  });
}

function extent(columns, origin) {
  const boxes = columns.map((column) => column.getBoundingClientRect());

  return {
    width: Math.max(...boxes.map((box) => box.right)) - origin.left,
    height: Math.max(...boxes.map((box) => box.bottom)) - origin.top,
  };
}
