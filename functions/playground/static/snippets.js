// A request as code to paste. The key stays out of it: it is read from the environment.

const VARIABLE = "RERANK_GATEWAY_KEY";

export const LANGUAGES = { curl, python, javascript };

function curl(url, body) {
  return [
    `curl ${shellQuoted(url)} \\`,
    `  -H "Authorization: Bearer $${VARIABLE}" \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d ${shellQuoted(JSON.stringify(body, null, 2))}`,
  ].join("\n");
}

function python(url, body) {
  return [
    "import os",
    "",
    "import httpx",
    "",
    "answer = httpx.post(",
    `    ${JSON.stringify(url)},`,
    `    headers={"Authorization": f"Bearer {os.environ['${VARIABLE}']}"},`,
    `    json=${pythonLiteral(body, "    ")},`,
    "    timeout=30,",
    ")",
    "answer.raise_for_status()",
    'for result in answer.json()["results"]:',
    '    print(result["index"], result["relevance_score"])',
  ].join("\n");
}

function javascript(url, body) {
  return [
    `const response = await fetch(${JSON.stringify(url)}, {`,
    '  method: "POST",',
    "  headers: {",
    `    Authorization: \`Bearer \${process.env.${VARIABLE}}\`,`,
    '    "Content-Type": "application/json",',
    "  },",
    `  body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll("\n", "\n  ")}),`,
    "});",
    "if (!response.ok) throw new Error(await response.text());",
    "for (const { index, relevance_score } of (await response.json()).results) {",
    "  console.log(index, relevance_score);",
    "}",
  ].join("\n");
}

function shellQuoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// JSON's strings and numbers are Python's; its words are not.
function pythonLiteral(value, indent) {
  const inner = `${indent}    `;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return enclosed("[", value.map((each) => pythonLiteral(each, inner)), "]", indent);
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${pythonLiteral(each, inner)}`);
    return enclosed("{", entries, "}", indent);
  }

  return JSON.stringify(value);
}

function enclosed(open, parts, close, indent) {
  if (!parts.length) return open + close;

  return `${open}\n${parts.map((part) => `${indent}    ${part},\n`).join("")}${indent}${close}`;
}
