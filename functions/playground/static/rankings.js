// Rankings side by side, the documents as given first.

import { element } from "./elements.js";
import { textOf } from "./documents.js";
import { drawLines } from "./lines.js";
import { usd } from "./money.js";

const MOST_ROWS = 50;
const MOST_CHARS = 400;

// Show *outcomes*, one a model: { model, seconds, answer, headers } or { model, error }, in *place*.
export function showRankings(place, documents, outcomes) {
  const given = { title: "As given", rows: documents.map((_, index) => ({ index })) };
  const columns = [given, ...outcomes.map(toColumn)];
  place.replaceChildren(...columns.map((column, place) => columnElement(column, columns[place - 1], documents)));
  drawLines(place);
}

function toColumn(outcome) {
  const rows = outcome.answer?.results.map(({ index, relevance_score: score }) => ({ index, score })) ?? [];

  return { ...outcome, title: outcome.model, rows };
}

function columnElement(column, before, documents) {
  const rows = column.rows.slice(0, MOST_ROWS);
  const scale = Math.max(...column.rows.map((row) => row.score ?? 0), 1);
  const left = column.rows.length - rows.length;

  return element(
    "section",
    { class: "column", "aria-label": column.title },
    element("h3", {}, column.title),
    column.error ? failure(column.error) : facts(column),
    element("ol", {}, rows.map((row, rank) => card(row, rank, { before, documents, scale }))),
    left > 0 ? element("p", { class: "hint" }, `and ${left} more`) : null,
  );
}

function card(row, rank, { before, documents, scale }) {
  const text = textOf(documents[row.index]).slice(0, MOST_CHARS);
  const parts = [element("span", { class: "rank" }, String(rank + 1)), element("span", { class: "text" }, text)];
  if (row.score !== undefined) parts.push(scoreElement(row.score, scale));
  if (before && !before.error) parts.push(moveElement(rank, before.rows.findIndex((other) => other.index === row.index)));
  const button = element("button", { type: "button", class: "card", title: text, "aria-pressed": "false", onclick: pin }, parts);

  return element("li", { "data-document": row.index, onmouseenter: light, onmouseleave: light, onfocusin: light, onfocusout: light }, button);
}

function scoreElement(score, scale) {
  const bar = element("meter", { min: 0, max: scale, value: Math.max(score, 0), "aria-hidden": "true" });

  return element("span", { class: "score" }, bar, element("span", {}, score.toFixed(4)));
}

// How far a document came up or went down from the column before.
function moveElement(rank, rankBefore) {
  if (rankBefore < 0) return element("span", { class: "move" }, "new");
  const steps = rankBefore - rank;
  if (!steps) return element("span", { class: "move", "aria-label": "same place" }, "=");
  const [kind, arrow, word] = steps > 0 ? ["up", "▲", "up"] : ["down", "▼", "down"];

  return element("span", { class: `move ${kind}`, role: "img", "aria-label": `${word} by ${Math.abs(steps)}` }, `${arrow}${Math.abs(steps)}`);
}

function failure(error) {
  const attempts = error.headers?.get("x-gateway-attempts");

  return [
    element("p", { class: "error", role: "alert" }, error.message),
    attempts ? element("dl", {}, element("dt", {}, "Attempts"), element("dd", {}, attempts)) : null,
  ];
}

function facts({ rows, seconds, answer, headers }) {
  if (!answer) return element("p", { class: "hint" }, `${rows.length} documents`);
  const extra = answer.extra_fields ?? {};
  const cost = answer.usage?.cost ?? null;
  const told = [
    ["Time", `${Math.round(seconds * 1000)} ms, ${extra.latency ?? 0} ms of it at the provider`],
    ["Cost", cost === null ? "not known" : usd(cost)],
    ["Attempts", headers.get("x-gateway-attempts")],
    ["Degraded", headers.get("x-gateway-degraded")],
    ["Warnings", headers.get("x-gateway-warnings")],
    ["Scores", extra.scores],
  ];

  return element("dl", {}, told.filter(([, value]) => value).map(([name, value]) => [element("dt", {}, name), element("dd", {}, String(value))]));
}

// The same document in all columns, and the lines that join it.
function sameDocument(target) {
  const { document } = target.closest("li").dataset;

  return target.closest(".rankings").querySelectorAll(`[data-document="${document}"]`);
}

function light(event) {
  const on = event.type === "mouseenter" || event.type === "focusin";
  for (const each of sameDocument(event.target)) each.classList.toggle("lit", on);
}

function pin(event) {
  const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
  for (const each of sameDocument(event.currentTarget)) {
    each.classList.toggle("pinned", on);
    each.querySelector("button")?.setAttribute("aria-pressed", String(on));
  }
}
