import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { createCohere } from "@ai-sdk/cohere";
import { createTogetherAI } from "@ai-sdk/togetherai";
import { OpenRouter } from "@openrouter/sdk";
import { rerank } from "ai";
import { CohereClient, CohereClientV2 } from "cohere-ai";

import { documents, key, query, url } from "./gateway.js";

const names = {
  OpenRouter, CohereClient, CohereClientV2, createCohere, createTogetherAI, rerank,
  documents, query, URL: url, KEY: key,
};
const page = readFileSync(new URL("../../../docs/clients.md", import.meta.url), "utf8");

for (const [, client, line] of page.matchAll(/^\| ([^|]+) \|[^|]*\| `(await .+)` \|$/gm)) {
  test(`the table of clients, ${client}: the line works`, async () => {
    const run = new Function(...Object.keys(names), `return (async () => ${line})()`);

    const response = await run(...Object.values(names));

    const best = (response.results ?? response.ranking)[0];
    assert.equal(best.index ?? best.originalIndex, 1);
  });
}
