import assert from "node:assert/strict";
import test from "node:test";

import { Cohere, CohereClient, CohereClientV2 } from "cohere-ai";

import { afterASecond, busy, documents, key, model, query, soon, url } from "./gateway.js";

for (const [name, Client] of Object.entries({ CohereClient, CohereClientV2 })) {
  const rerank = (changes = {}, token = key, options = {}) =>
    new Client({ environment: url, token }).rerank({ model, query, documents, ...changes }, options);

  test(`${name}: a ranking`, async () => {
    const response = await rerank({ topN: 2 });

    assert.deepEqual(response.results.map((row) => row.index), [1, 2]);
    assert.ok(response.results[0].relevanceScore > response.results[1].relevanceScore);
    assert.ok(response.meta.billedUnits);
  });

  test(`${name}: Retry-After is honoured`, async () => {
    const response = await afterASecond(() => rerank({ model: soon() }));

    assert.equal(response.results[0].index, 0);
  });

  for (const [what, changes, token, error] of [
    ["a bad key", {}, "wrong", Cohere.UnauthorizedError],
    ["an unknown model", { model: "nobody/m" }, key, Cohere.NotFoundError],
    ["no documents", { documents: [] }, key, Cohere.BadRequestError],
    ["a busy model", { model: busy }, key, Cohere.TooManyRequestsError],
  ]) {
    test(`${name}: ${what} is its own error`, () =>
      assert.rejects(rerank(changes, token, { maxRetries: 0 }), error));
  }
}

test("CohereClient: objects are ranked by chosen fields, and come back whole", async () => {
  const response = await new CohereClient({ environment: url, token: key }).rerank({
    model,
    query,
    documents: [{ title: "green apples", text: "no" }, { title: "no", text: "green apples" }],
    rankFields: ["title"],
    returnDocuments: true,
  });

  assert.equal(response.results[0].index, 0);
  assert.equal(response.results[0].document.text, "no");
});
