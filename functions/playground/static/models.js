// The models to compare: those that the key may ask for are proposed, and any other can be named.

import { byId, element, say } from "./elements.js";
import { ask } from "./gateway.js";

const MOST = 5;

let chosen = [];
let changed = () => {};

export function chosenModels() {
  return [...chosen];
}

// Have *onChange* called whenever models are added or removed.
export function watchModels(onChange) {
  changed = onChange;
  byId("add-model").addEventListener("click", addTyped);
  byId("model").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    addTyped();
  });
}

export function chooseModels(names) {
  chosen = [...new Set(names.filter((name) => typeof name === "string" && name))].slice(0, MOST);
  show();
}

// Propose what the key may ask for, and choose the first two where nothing is chosen yet. Throws GatewayError.
export async function loadModels() {
  const { data } = await ask("v1/models");
  const names = data.data.map((model) => model.id);
  byId("models").replaceChildren(...data.data.map(proposal));
  say("models-state", names.length === 1 ? "This key may ask one model." : `This key may ask ${names.length} models.`);
  if (!chosen.length) chooseModels(names.slice(0, 2));

  return names.length;
}

function proposal(model) {
  return element("option", { value: model.id }, model.targets ? `alias of ${model.targets.join(", ")}` : "");
}

function addTyped() {
  const name = byId("model").value.trim();
  if (!name) return;
  if (chosen.length >= MOST && !chosen.includes(name)) {
    say("models-state", `No more than ${MOST} at once: remove one first.`, true);
    return;
  }
  byId("model").value = "";
  say("models-state", `${name} added.`);
  chooseModels([...chosen, name]);
}

function remove(name) {
  say("models-state", `${name} removed.`);
  chooseModels(chosen.filter((each) => each !== name));
  byId("model").focus();
}

function show() {
  byId("chosen").replaceChildren(...chosen.map(chip));
  changed();
}

function chip(name) {
  const button = element("button", { type: "button", "aria-label": `Remove ${name}`, onclick: () => remove(name) }, "×");

  return element("li", {}, element("span", {}, name), button);
}
