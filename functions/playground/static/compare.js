// The first page: a request, asked of several models at once.

import { byId, copy, say } from "./elements.js";
import { parseDocuments } from "./documents.js";
import { readFile } from "./files.js";
import { BASE, ask, key } from "./gateway.js";
import { chooseModels, chosenModels, watchModels } from "./models.js";
import { showRankings } from "./rankings.js";
import { EXAMPLE, bodyOf, fillForm, fromFragment, readForm, toFragment } from "./request.js";
import { LANGUAGES } from "./snippets.js";

const PAUSE_MS = 150;

let pausing;

export function startCompare() {
  watchModels(showCode);
  byId("request-form").addEventListener("submit", rank);
  byId("request-form").addEventListener("input", showCodeSoon);
  byId("example").addEventListener("click", () => fill({ ...form(), ...EXAMPLE }));
  byId("link").addEventListener("click", copyLink);
  byId("language").addEventListener("change", showCode);
  byId("copy-code").addEventListener("click", copyCode);
  byId("file").addEventListener("change", (event) => open(event.target.files[0]));
  byId("documents").addEventListener("dragover", (event) => event.preventDefault());
  byId("documents").addEventListener("drop", drop);
  window.addEventListener("hashchange", restore);
  if (!restore()) fill({ ...form(), ...EXAMPLE });
}

function form() {
  return readForm(chosenModels());
}

function fill(wanted) {
  fillForm(wanted);
  chooseModels(Array.isArray(wanted.models) ? wanted.models : []);
  showCode();
}

// What the address says to ask, if it does. It is not asked before somebody wants it: asking may cost something.
function restore() {
  const linked = fromFragment(location.hash);
  if (linked) fill(linked);

  return linked !== null;
}

async function rank(event) {
  event.preventDefault();
  const wanted = form();
  const refusal = refusalOf(wanted);
  if (refusal) return say("rank-state", refusal, true);
  history.replaceState(null, "", toFragment(wanted));
  byId("rank").disabled = true;
  say("rank-state", "Ranking …");
  const outcomes = await Promise.all(wanted.models.map((model) => outcome(wanted, model)));
  byId("rank").disabled = false;
  byId("rankings-section").hidden = false;
  showRankings(byId("rankings"), parseDocuments(wanted.documents).documents, outcomes);

  return say("rank-state", ...summary(outcomes));
}

function refusalOf(wanted) {
  if (!key.get()) return "A key is needed first, above.";
  if (!wanted.models.length) return "Choose a model first.";
  if (!documentsOf(wanted)?.length) return "There are no documents to rank.";

  return null;
}

async function outcome(wanted, model) {
  const started = performance.now();
  try {
    const { data, headers } = await ask("v1/rerank", bodyOf(wanted, model));

    return { model, seconds: (performance.now() - started) / 1000, answer: data, headers };
  } catch (error) {
    return { model, error };
  }
}

function summary(outcomes) {
  const failed = outcomes.filter(({ error }) => error);
  if (!failed.length) return ["Done."];
  const messages = new Set(failed.map(({ error }) => error.message));

  return [messages.size === 1 ? [...messages][0] : `${failed.length} of ${outcomes.length} models have failed.`, true];
}

function documentsOf(wanted) {
  try {
    return parseDocuments(wanted.documents).documents;
  } catch {
    return null;
  }
}

// Once nobody has typed for a moment: a request may be large.
function showCodeSoon() {
  clearTimeout(pausing);
  pausing = setTimeout(showCode, PAUSE_MS);
}

function showCode() {
  const wanted = form();
  const documents = documentsOf(wanted);
  say("documents-state", documents ? `${documents.length} documents` : "This looks like JSON and is none.", !documents);
  if (!documents) return;
  const body = bodyOf(wanted, wanted.models[0] ?? "default");
  byId("code").textContent = LANGUAGES[byId("language").value](new URL("v1/rerank", BASE).href, body);
}

async function copyCode() {
  await copy(byId("code").textContent);
  say("copy-state", "Copied.");
}

async function copyLink() {
  history.replaceState(null, "", toFragment(form()));
  await copy(location.href);
  say("rank-state", "The link is copied. It holds the request and not the key.");
}

function drop(event) {
  const [file] = event.dataTransfer.files;
  if (!file) return;
  event.preventDefault();
  open(file);
}

async function open(file) {
  if (!file) return;
  try {
    fill({ ...form(), ...(await readFile(file)) });
  } catch (error) {
    say("documents-state", error.message, true);
  }
}
