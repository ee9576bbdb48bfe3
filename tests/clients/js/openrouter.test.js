import assert from "node:assert/strict";
import test from "node:test";

import { OpenRouter } from "@openrouter/sdk";
import * as errors from "@openrouter/sdk/models/errors";

import { busy, documents, key, model, query, url } from "./gateway.js";

const rerank = (changes = {}, apiKey = key) =>
  new OpenRouter({ serverURL: `${url}/api/v1`, apiKey }).rerank.rerank({
    requestBody: { model, query, documents, ...changes },
  });

test("a ranking with documents, which nobody has to ask for", async () => {
  const response = await rerank({ topN: 2 });

  assert.deepEqual(response.results.map((row) => row.index), [1, 2]);
  assert.equal(response.results[0].document.text, "green apples");
  assert.equal(response.provider, "local");
  assert.equal(response.usage.totalTokens, 0);
});

test("objects are ranked by their text", async () => {
  const response = await rerank({ documents: ["red pears", { text: "green apples" }] });

  assert.equal(response.results[0].index, 1);
});

for (const [what, changes, apiKey, error] of [
  ["a bad key", {}, "wrong", errors.UnauthorizedResponseError],
  ["an unknown model", { model: "nobody/m" }, key, errors.NotFoundResponseError],
  ["no documents", { documents: [] }, key, errors.BadRequestResponseError],
  ["a busy model", { model: busy }, key, errors.TooManyRequestsResponseError],
]) {
  test(`${what} is its own error`, () => assert.rejects(rerank(changes, apiKey), error));
}

test("its list of models is read, page by page, until there is none", async () => {
  const models = [];
  for await (const page of await new OpenRouter({ serverURL: `${url}/api/v1`, apiKey: key }).models.list({ limit: 1 }))
    models.push(...page.result.data);

  assert.ok(models.some((each) => each.id === model && each.architecture.outputModalities[0] === "rerank"));
});
