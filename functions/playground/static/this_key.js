// The second page: what this key may do, and what it has used.

import { byId, element, say } from "./elements.js";
import { ask, key } from "./gateway.js";
import { chart } from "./chart.js";
import { usd } from "./money.js";
import { table } from "./table.js";
import { showWork } from "./work.js";

const DAYS = 30;
const DAY_MS = 86_400_000;

export async function showThisKey() {
  byId("this-key-facts").replaceChildren();
  if (!key.get()) return say("this-key-state", "A key is needed first, above.", true);
  say("this-key-state", "Looking …");
  const days = lastDays();
  try {
    const [current, usage] = await Promise.all([
      ask("api/v1/key"),
      ask(`v1/usage?from=${days[0]}&to=${days.at(-1)}&group_by=day,model`),
    ]);
    const work = element("section", { id: "work" });
    byId("this-key-facts").replaceChildren(limits(current.data.data), ...used(usage.data, days, current.data.data), work);
    showWork(work);

    return say("this-key-state", "");
  } catch (error) {
    return say("this-key-state", error.message, true);
  }
}

function lastDays() {
  const today = Date.now();

  return Array.from({ length: DAYS }, (_, ago) => new Date(today - (DAYS - 1 - ago) * DAY_MS).toISOString().slice(0, 10));
}

function limits(of) {
  const told = [
    ["Name", of.label || of.id],
    ["Team", of.team],
    ["Models", of.models.join(", ").replace(/^\*$/, "all")],
    ["Budget", budget(of)],
    ["Spent today", usd(of.usage_daily)],
    ["Spent this month", usd(of.usage_monthly)],
    ["Requests a minute", of.requests_per_minute ?? "no limit"],
    ["Documents a minute", of.documents_per_minute ?? "no limit"],
    ["Expires", of.expires_at ?? "never"],
    ["Manages keys", of.is_management_key ? "yes" : "no"],
  ];
  const rows = told.filter(([, value]) => value !== null && value !== "").map(([name, value]) => [element("dt", {}, name), element("dd", {}, String(value))]);

  return element("section", {}, element("h2", {}, "Limits"), element("dl", { class: "facts" }, rows));
}

function budget(of) {
  if (of.limit === null) return "no limit";

  return `${usd(of.limit)} ${of.limit_reset ?? "in all"}, ${usd(of.limit_remaining)} left`;
}

function used(report, days, of) {
  const whose = of.is_management_key ? "by all keys, as this one manages them" : "by this key";
  const title = element("h2", {}, `Used in ${DAYS} days`);
  if (!report.data.length) return [title, element("p", {}, `Nothing ${whose}.`)];
  const { requests, documents, cost } = report.total;
  const sum = element("p", {}, `${requests} requests with ${documents} documents, ${usd(cost)}, ${whose}.`);

  return [title, sum, chart(report.data, days), numbers(report.data)];
}

function numbers(rows) {
  const lines = [...rows].reverse().map((row) => [row.day, row.model, String(row.requests), String(row.documents), usd(row.cost)]);
  const shown = table("Usage by day and model", ["Day", "Model", "Requests", "Documents", "Cost"], lines);

  return element("details", {}, element("summary", {}, "As a table"), shown);
}
