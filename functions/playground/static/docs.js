// The OpenAPI document, shown by Swagger UI, which lies in vendor/.

import { BASE } from "./gateway.js";

// Swagger UI has a dark look, and has it switched on by this.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

const spec = await (await fetch(new URL("openapi.json", BASE))).json();
window.SwaggerUIBundle({
  // What is tried goes to where the page came from, below a base path, too.
  spec: { ...spec, servers: [{ url: BASE.href.replace(/\/$/, "") }] },
  domNode: document.getElementById("reference"),
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
});
