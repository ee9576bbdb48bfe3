// The OpenAPI document, shown by Swagger UI, which lies in vendor/.

import { BASE } from "./gateway.js";

const spec = await (await fetch(new URL("openapi.json", BASE))).json();
window.SwaggerUIBundle({
  // What is tried goes to where the page came from, below a base path, too.
  spec: { ...spec, servers: [{ url: BASE.href.replace(/\/$/, "") }] },
  domNode: document.getElementById("reference"),
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
});
