// What was spent, as columns of a day each, stacked by model.

import { element, svgElement } from "./elements.js";

const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 56;
const BOTTOM = 24;
const MOST_SERIES = 5;

// A figure of *rows* { day, model, cost, requests } over *days*: by cost, or by requests where nothing cost anything.
export function chart(rows, days) {
  const measure = rows.some((row) => row.cost > 0) ? "cost" : "requests";
  const series = largest(rows, measure);
  const heights = days.map((day) => series.map((name) => total(rows, measure, day, name, series)));
  const top = Math.max(...heights.map((parts) => parts.reduce((sum, part) => sum + part, 0))) || 1;
  const what = measure === "cost" ? "Spend by day and model, in USD" : "Requests by day and model";
  const drawing = svgElement(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT + BOTTOM}`, class: "chart", role: "img", "aria-label": `${what}; the table below has the numbers.` },
    axis(top, measure),
    heights.map((parts, place) => bar(parts, { top, place, days, series })),
    svgElement("text", { x: LEFT, y: HEIGHT + 18 }, days[0]),
    svgElement("text", { x: WIDTH, y: HEIGHT + 18, "text-anchor": "end" }, days.at(-1)),
  );

  return element("figure", {}, element("figcaption", {}, what), drawing, legend(series));
}

function largest(rows, measure) {
  const sums = new Map();
  for (const row of rows) sums.set(row.model, (sums.get(row.model) ?? 0) + row[measure]);
  const names = [...sums.keys()].sort((one, other) => sums.get(other) - sums.get(one));

  return names.length > MOST_SERIES ? [...names.slice(0, MOST_SERIES - 1), null] : names;
}

// Of *name* on *day*; null stands for all that have no series of their own.
function total(rows, measure, day, name, series) {
  const meant = (row) => row.day === day && (name === null ? !series.includes(row.model) : row.model === name);

  return rows.filter(meant).reduce((sum, row) => sum + row[measure], 0);
}

function bar(parts, { top, place, days, series }) {
  const step = (WIDTH - LEFT) / days.length;
  let y = HEIGHT;

  return parts.map((part, number) => {
    const height = (part / top) * (HEIGHT - 10);
    y -= height;
    const title = svgElement("title", {}, `${days[place]}, ${series[number] ?? "others"}: ${part}`);

    return svgElement("rect", { x: LEFT + place * step + 1, y, width: Math.max(step - 2, 1), height, class: `series-${number}` }, title);
  });
}

function axis(top, measure) {
  const words = measure === "cost" ? `$${top.toPrecision(2)}` : String(top);

  return [
    svgElement("line", { x1: LEFT, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }),
    svgElement("line", { x1: LEFT, x2: WIDTH, y1: 10, y2: 10, class: "grid" }),
    svgElement("text", { x: LEFT - 6, y: 14, "text-anchor": "end" }, words),
    svgElement("text", { x: LEFT - 6, y: HEIGHT, "text-anchor": "end" }, "0"),
  ];
}

function legend(series) {
  const entries = series.map((name, number) => element("li", { class: `series-${number}` }, name ?? "others"));

  return element("ul", { class: "legend" }, entries);
}
