// What a key has under way: its latest jobs.

import { element } from "./elements.js";
import { ask } from "./gateway.js";
import { table } from "./table.js";

const SHOWN = 10;
const AGAIN_MS = 3000;
const UNDER_WAY = ["pending", "processing"];

// Show it in *place*, and look again for as long as *place* is seen and something is under way.
export async function showWork(place) {
  try {
    const { data } = await ask(`v1/async/rerank?limit=${SHOWN}`);
    place.replaceChildren(element("h2", {}, "Latest jobs"), ...jobs(data));
    if (data.data.some(({ status }) => UNDER_WAY.includes(status))) lookAgain(place);
  } catch (error) {
    place.replaceChildren(element("h2", {}, "Latest jobs"), element("p", { class: "error" }, error.message));
  }
}

function lookAgain(place) {
  setTimeout(() => {
    if (place.isConnected && place.offsetParent) showWork(place);
  }, AGAIN_MS);
}

function jobs({ data, has_more: more }) {
  if (!data.length) return [element("p", {}, "None.")];
  const rows = data.map((job) => [job.id, moment(job.created_at), outcome(job), job.model ?? "", took(job)]);
  const shown = table("Latest jobs", ["Job", "Submitted (UTC)", "Status", "Answered by", "Took"], rows);

  return more ? [shown, element("p", { class: "hint" }, "And earlier ones.")] : [shown];
}

function outcome({ status, status_code: code }) {
  return status === "failed" ? `failed (${code})` : status;
}

function took(job) {
  if (!job.completed_at) return "";

  return `${((new Date(job.completed_at) - new Date(job.created_at)) / 1000).toFixed(1)} s`;
}

function moment(text) {
  return new Date(text).toISOString().slice(0, 19).replace("T", " ");
}
