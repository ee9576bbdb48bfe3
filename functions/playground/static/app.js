// The page's beginning: the key, and its two tabs.

import { startCompare } from "./compare.js";
import { byId, say } from "./elements.js";
import { key } from "./gateway.js";
import { loadModels } from "./models.js";
import { showThisKey } from "./this_key.js";

const TABS = ["tab-compare", "tab-key"];

async function useKey() {
  say("key-state", "Looking …");
  try {
    const count = await loadModels();
    say("key-state", count ? "The key works. It stays in this tab." : "The key works, but there is no model that it may ask.");
  } catch (error) {
    say("key-state", error.message, true);
  }
  if (!byId("this-key").hidden) showThisKey();
}

function select(id) {
  for (const each of TABS) {
    const tab = byId(each);
    const on = each === id;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !on;
  }
  if (id === "tab-key") showThisKey();
}

function moveByArrow(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = TABS[(TABS.indexOf(event.target.id) + step + TABS.length) % TABS.length];
  select(next);
  byId(next).focus();
}

for (const id of TABS) {
  byId(id).addEventListener("click", () => select(id));
  byId(id).addEventListener("keydown", moveByArrow);
}
byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  key.set(byId("key").value.trim());
  useKey();
});
startCompare();
byId("key").value = key.get();
if (key.get()) useKey();
