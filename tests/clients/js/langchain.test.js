import assert from "node:assert/strict";
import test from "node:test";

import { CohereRerank } from "@langchain/cohere";
import { Document } from "@langchain/core/documents";
import { CohereClient } from "cohere-ai";

import { documents, key, model, query, url } from "./gateway.js";

const reranker = (token = key) =>
  new CohereRerank({ client: new CohereClient({ environment: url, token }), model, topN: 2 });

test("documents are compressed to the best", async () => {
  const best = await reranker().compressDocuments(documents.map((pageContent) => new Document({ pageContent })), query);

  assert.deepEqual(best.map((document) => document.pageContent), ["green apples", "an apple"]);
  assert.ok(best[0].metadata.relevanceScore > best[1].metadata.relevanceScore);
});

test("a ranking of texts", async () => {
  const rows = await reranker().rerank(documents, query);

  assert.deepEqual(rows.map((row) => row.index), [1, 2]);
});

test("a bad key is an error of Cohere's", () =>
  assert.rejects(reranker("wrong").rerank(documents, query), { statusCode: 401 }));
