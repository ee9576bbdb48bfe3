// Documents as people have them: a line each, or JSON in the shapes that it comes in.

// What is in *text*: { documents }, and what else of a whole request there is. Throws an Error that says what is wrong.
export function parseDocuments(text) {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    const whole = fromJson(trimmed);
    if (whole !== undefined) return shaped(whole);
    const lines = trimmed.split("\n").filter((line) => line.trim()).map(fromJson);
    if (lines.every((line) => line !== undefined)) return { documents: lines.map(asDocument) };
    if (trimmed.startsWith("[{") || trimmed.startsWith('["')) throw new Error("The documents look like JSON and are none.");
  }

  return { documents: trimmed.split("\n").map((line) => line.trim()).filter(Boolean) };
}

// What a document reads like, as text or as an object with some.
export function textOf(document) {
  if (typeof document === "string") return document;

  return typeof document.text === "string" ? document.text : JSON.stringify(document);
}

function shaped(value) {
  if (Array.isArray(value)) return { documents: value.map(asDocument) };
  const found = value.documents ?? value.texts ?? value.passages;
  if (Array.isArray(found)) return { ...value, documents: found.map(asDocument) };

  return { documents: [asDocument(value)] };
}

function asDocument(value) {
  if (typeof value === "string" || (value !== null && typeof value === "object")) return value;

  return String(value);
}

function fromJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
