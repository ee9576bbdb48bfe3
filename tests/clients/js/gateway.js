// The gateway that is running, and models of it.

export const url = process.env.GATEWAY_URL;
export const key = "sk-local";
export const documents = ["red pears", "green apples", "an apple"];
export const query = "green apples";
export const model = "local/bm25";
export const busy = "vllm/busy";

// A model that has no time at first and ranks when it is asked again.
export const soon = () => `vllm/${crypto.randomUUID()}`;

// What `work` brings, which must not do so before a second has passed.
export async function afterASecond(work) {
  const began = performance.now();
  const brought = await work();
  if (performance.now() - began < 1000) throw new Error("Retry-After was not honoured");

  return brought;
}
