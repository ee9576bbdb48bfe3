import assert from "node:assert/strict";
import test from "node:test";

import { VoyageAIClient, VoyageAIError } from "voyageai";

import { afterASecond, busy, documents, key, model, query, soon, url } from "./gateway.js";

const rerank = (changes = {}, apiKey = key, options = {}) =>
  new VoyageAIClient({ environment: `${url}/voyage/v1`, apiKey }).rerank({ model, query, documents, ...changes }, options);

test("a ranking", async () => {
  const response = await rerank({ topK: 2, returnDocuments: true });

  assert.deepEqual(response.data.map((row) => row.index), [1, 2]);
  assert.equal(response.data[0].document, "green apples");
  assert.ok(response.data[0].relevanceScore > response.data[1].relevanceScore);
  assert.equal(response.usage.totalTokens, 0);
});

test("Retry-After is honoured", async () => {
  const response = await afterASecond(() => rerank({ model: soon() }));

  assert.equal(response.data[0].index, 0);
});

for (const [what, changes, apiKey, statusCode] of [
  ["a bad key", {}, "wrong", 401],
  ["an unknown model", { model: "nobody/m" }, key, 404],
  ["no documents", { documents: [] }, key, 400],
  ["a busy model", { model: busy }, key, 429],
]) {
  test(`${what} is its own error`, () =>
    assert.rejects(
      rerank(changes, apiKey, { maxRetries: 0 }),
      (error) => error instanceof VoyageAIError && error.statusCode === statusCode,
    ));
}
