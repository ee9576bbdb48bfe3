// The gateway, asked over its own API like any client. Its address is where this file came from, less two steps, so that
// the page works below a base path and a stage, too.

export const BASE = new URL("..", import.meta.url);

const STORED_AS = "rerank-gateway-key";

// The key lives as long as the tab does. It is in no address and in no link.
export const key = {
  get: () => sessionStorage.getItem(STORED_AS) ?? "",
  set: (text) => sessionStorage.setItem(STORED_AS, text),
};

export class GatewayError extends Error {
  constructor(message, status, headers) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

// The answer at *path* as { data, headers }. Throws GatewayError, in the gateway's own words where it has any.
export async function ask(path, body) {
  const response = await sent(path, body);
  const data = await response.json().catch(() => null);
  if (!response.ok) throw new GatewayError(words(data, response), response.status, response.headers);

  return { data, headers: response.headers };
}

async function sent(path, body) {
  const headers = { authorization: `Bearer ${key.get()}`, accept: "application/json" };
  const request = body === undefined ? { headers } : {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  try {
    return await fetch(new URL(path, BASE), { ...request, credentials: "omit", referrerPolicy: "no-referrer" });
  } catch (error) {
    throw new GatewayError(`The gateway cannot be reached: ${error.message}`, 0, new Headers());
  }
}

function words(data, response) {
  const said = data?.error?.message ?? data?.message;

  return said ? `${said} (${response.status})` : `The gateway answered ${response.status} ${response.statusText}`;
}
