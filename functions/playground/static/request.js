// The form as a request, and a link that holds it.

import { byId } from "./elements.js";
import { parseDocuments } from "./documents.js";

const TEXTS = ["query", "documents", "instruction", "truncate", "top_n", "max_tokens_per_doc"];
const MARK = "#request=";

export const EXAMPLE = {
  query: "How do I keep tomatoes fresh?",
  documents: [
    "Tomatoes came to Europe from South America in the sixteenth century.",
    "Keep ripe tomatoes at room temperature, stem down; in a fridge they lose their flavour.",
    "A fresh coat of paint keeps a fence from rotting.",
    "How to keep bread fresh: in a linen bag, never in plastic.",
    "Unripe tomatoes ripen in a paper bag with a banana, and stay good for a week then.",
    "The tomato is, botanically, a berry.",
  ].join("\n"),
};

// What the form says, with the *models* that are chosen. It has no key in it.
export function readForm(models) {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, byId(name).value]));

  return { ...texts, normalized: byId("normalized").checked, models };
}

export function fillForm(form) {
  for (const name of TEXTS) byId(name).value = form[name] ?? "";
  byId("normalized").checked = form.normalized ?? true;
}

// The body to send for *model*. Throws an Error where there are no documents to make out.
export function bodyOf(form, model) {
  const body = { model, query: form.query, documents: parseDocuments(form.documents).documents };
  for (const name of ["top_n", "max_tokens_per_doc"]) if (form[name]) body[name] = Number(form[name]);
  for (const name of ["instruction", "truncate"]) if (form[name]) body[name] = form[name];
  if (form.normalized) body.scores = "normalized";

  return body;
}

// The request as the part of an address that browsers send to nobody.
export function toFragment(form) {
  const bytes = new TextEncoder().encode(JSON.stringify(form));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

  return MARK + btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// The request that *fragment* holds; null where it holds none.
export function fromFragment(fragment) {
  if (!fragment.startsWith(MARK)) return null;
  try {
    const letters = atob(fragment.slice(MARK.length).replaceAll("-", "+").replaceAll("_", "/"));
    const form = JSON.parse(new TextDecoder().decode(Uint8Array.from(letters, (letter) => letter.charCodeAt(0))));

    return typeof form === "object" ? form : null;
  } catch {
    return null;
  }
}
