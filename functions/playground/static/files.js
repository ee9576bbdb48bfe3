// Files with documents, or with a whole request.

import { parseDocuments } from "./documents.js";

const MOST_BYTES = 6_000_000;

// What of the form *file* has a word on: its documents, and the query and options of a request. Throws an Error that says
// what is wrong with it.
export async function readFile(file) {
  if (file.size > MOST_BYTES) throw new Error("The file is larger than a request may be.");
  const { documents, ...rest } = parseDocuments(await file.text());
  const given = Object.entries(rest).filter(([, value]) => typeof value === "string" || typeof value === "number");

  return { ...Object.fromEntries(given), documents: written(documents) };
}

function written(documents) {
  const plain = documents.every((document) => typeof document === "string" && !document.includes("\n"));

  return plain ? documents.join("\n") : JSON.stringify(documents, null, 2);
}
