import assert from "node:assert/strict";
import test from "node:test";

import { createCohere } from "@ai-sdk/cohere";
import { createTogetherAI } from "@ai-sdk/togetherai";
import { APICallError, RetryError, rerank } from "ai";

import { afterASecond, busy, documents, key, model, query, soon, url } from "./gateway.js";

const providers = {
  cohere: (apiKey) => createCohere({ baseURL: `${url}/v2`, apiKey }),
  togetherai: (apiKey) => createTogetherAI({ baseURL: `${url}/together/v1`, apiKey }),
};

for (const [name, provider] of Object.entries(providers)) {
  const ranked = (changes = {}, { as = model, apiKey = key } = {}) =>
    rerank({ model: provider(apiKey).reranking(as), query, documents, ...changes });

  test(`${name}: a ranking`, async () => {
    const { ranking, rerankedDocuments } = await ranked({ topN: 2 });

    assert.deepEqual(ranking.map((row) => row.originalIndex), [1, 2]);
    assert.deepEqual(rerankedDocuments, ["green apples", "an apple"]);
  });

  test(`${name}: objects are ranked`, async () => {
    const { rerankedDocuments } = await ranked({ documents: documents.map((text) => ({ text })) });

    assert.deepEqual(rerankedDocuments[0], { text: "green apples" });
  });

  test(`${name}: Retry-After is honoured`, async () => {
    const { ranking } = await afterASecond(() => ranked({}, { as: soon() }));

    assert.equal(ranking[0].originalIndex, 0);
  });

  for (const [what, settings, status] of [
    ["a bad key", { apiKey: "wrong" }, 401],
    ["an unknown model", { as: "nobody/m" }, 404],
    ["a busy model", { as: busy }, 429],
  ]) {
    test(`${name}: ${what} is its own error, with our words`, () =>
      assert.rejects(ranked({ maxRetries: 0 }, settings), (error) => {
        assert.ok(APICallError.isInstance(error));
        assert.equal(error.statusCode, status);
        assert.equal(error.message, JSON.parse(error.responseBody).message);

        return true;
      }));
  }

  test(`${name}: a model that stays busy ends its patience`, () =>
    assert.rejects(ranked({ maxRetries: 1 }, { as: busy }), (error) => RetryError.isInstance(error)));
}
