// What a key has under way: its latest jobs and batches.

import { element } from "./elements.js";
import { ask } from "./gateway.js";
import { table } from "./table.js";

const SHOWN = 10;
const AGAIN_MS = 3000;
const ENDED = ["completed", "failed", "expired", "cancelled"];
const LISTS = [
  { title: "Latest jobs", path: "v1/async/rerank", columns: ["Job", "Submitted (UTC)", "Status", "Answered by", "Took"], row: job },
  { title: "Latest batches", path: "v1/batches", columns: ["Batch", "Made (UTC)", "Status", "Progress"], row: batch },
];

// Show all of it in *place*.
export function showWork(place) {
  for (const list of LISTS) {
    const section = element("section");
    place.append(section);
    show(list, section);
  }
}

// Show *list* in *section*, and look again for as long as that is seen and something in it is under way.
async function show(list, section) {
  try {
    const { data } = await ask(`${list.path}?limit=${SHOWN}`);
    section.replaceChildren(element("h2", {}, list.title), ...contents(list, data));
    if (data.data.some(({ status }) => !ENDED.includes(status))) lookAgain(list, section);
  } catch (error) {
    section.replaceChildren(element("h2", {}, list.title), element("p", { class: "error" }, error.message));
  }
}

function lookAgain(list, section) {
  setTimeout(() => {
    if (section.isConnected && section.offsetParent) show(list, section);
  }, AGAIN_MS);
}

function contents({ title, columns, row }, { data, has_more: more }) {
  if (!data.length) return [element("p", {}, "None.")];
  const shown = table(title, columns, data.map(row));

  return more ? [shown, element("p", { class: "hint" }, "And earlier ones.")] : [shown];
}

function job({ id, created_at: created, completed_at: completed, status, status_code: code, model }) {
  const took = completed ? `${((new Date(completed) - new Date(created)) / 1000).toFixed(1)} s` : "";

  return [id, moment(new Date(created)), status === "failed" ? `failed (${code})` : status, model ?? "", took];
}

function batch({ id, created_at: seconds, status, request_counts: counts }) {
  return [id, moment(new Date(seconds * 1000)), status.replaceAll("_", " "), progress(id, counts)];
}

function progress(id, { total, completed, failed }) {
  if (!total) return "";
  const bar = element("progress", { max: total, value: completed + failed, "aria-label": `Progress of ${id}` });

  return element("span", {}, bar, ` ${completed + failed} of ${total}${failed ? `, ${failed} failed` : ""}`);
}

function moment(date) {
  return date.toISOString().slice(0, 19).replace("T", " ");
}
