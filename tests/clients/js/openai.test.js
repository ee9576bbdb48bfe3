import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import OpenAI, { toFile } from "openai";

import { documents, key, model, query, url } from "./gateway.js";

const ENDED = ["completed", "failed", "expired", "cancelled"];
const client = (apiKey = key) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const line = (custom_id) =>
  JSON.stringify({ custom_id, method: "POST", url: "/v1/rerank", body: { model, query, documents } });

// The batch with this id, when it has ended.
async function ended(api, id) {
  for (let looks = 0; looks < 300; looks++) {
    const batch = await api.batches.retrieve(id);
    if (ENDED.includes(batch.status)) return batch;
    await pause(200);
  }
  throw new Error("the batch did not end");
}

test("a batch from end to end", async () => {
  const api = client();
  const content = ["a", "b"].map(line).join("\n");
  const file = await api.files.create({ file: await toFile(Buffer.from(content), "é.jsonl"), purpose: "batch" });

  const made = await api.batches.create({ input_file_id: file.id, endpoint: "/v1/rerank", completion_window: "24h" });
  const batch = await ended(api, made.id);
  const results = await (await api.files.content(batch.output_file_id)).text();

  assert.equal(file.filename, "é.jsonl");
  assert.equal(batch.status, "completed");
  assert.deepEqual(batch.request_counts, { total: 2, completed: 2, failed: 0 });
  const rows = results.trim().split("\n").map(JSON.parse);
  assert.deepEqual(rows.map((row) => row.custom_id), ["a", "b"]);
  assert.equal(rows[0].response.body.results[0].index, 1);
});

test("a large file is read from where it is", async () => {
  const api = client();
  const bytes = Buffer.alloc(5 * 1024 * 1024, " ");
  const wanted = { filename: "large.jsonl", purpose: "batch", bytes: bytes.length, mime_type: "application/jsonl" };

  const upload = await api.uploads.create(wanted);
  const sent = await fetch(upload.upload_url, { method: "PUT", body: bytes });
  const complete = await api.uploads.complete(upload.id, { part_ids: [] });
  const content = await (await api.files.content(complete.file.id)).arrayBuffer();

  assert.ok(sent.ok);
  assert.equal(content.byteLength, bytes.length);
});

for (const [what, ask, kind] of [
  ["a bad key", () => client("wrong").batches.list(), OpenAI.AuthenticationError],
  ["an unknown batch", () => client().batches.retrieve("batch_0"), OpenAI.NotFoundError],
]) {
  test(`${what} is its own error`, () => assert.rejects(ask, (error) => error instanceof kind && Boolean(error.code)));
}
