// Elements of the page, by their ids, and new ones. Text is always text here, never markup.

const SVG = "http://www.w3.org/2000/svg";

export function byId(id) {
  return document.getElementById(id);
}

// A new element with these attributes, `on…` being listeners and null being left out, and with these children.
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svgElement(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));

  return made;
}

// Say *text* in the status line of this id, as an error or not; screen readers read it out.
export function say(id, text, isError = false) {
  const line = byId(id);
  line.textContent = text;
  line.classList.toggle("error", isError);
}

export async function copy(text) {
  await navigator.clipboard.writeText(text);
}
