/* Keeps a board's page, its type and what it showed last: a television that is switched on without
   the network shows that, and says since when it has heard nothing. The network always comes first. */
"use strict";
const NAME = "board";
const keyOf = request => new URL(request.url).pathname + (new URL(request.url).searchParams.get("lang") === "en" ? "?en" : "");
const isOurs = path => /^\/(board\/[^/]+(\/pages)?|static\/board\.(css|js)|static\/icon\.svg|fonts\/[^/]+)$/.test(path);

self.addEventListener("install", event => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("message", event => event.waitUntil(
  Promise.all(event.data.map(address => fromNetwork(new Request(address)).catch(() => null)))));
self.addEventListener("fetch", event => {
  if (event.request.method === "GET" && isOurs(new URL(event.request.url).pathname)) {
    event.respondWith(fromNetwork(event.request).catch(() => kept(event.request)));
  }
});

async function fromNetwork(request) {
  const answer = await fetch(request);
  if (answer.status === 200) { await (await caches.open(NAME)).put(keyOf(request), answer.clone()); }
  if (answer.status >= 500) { throw new Error("the ledger is away"); }
  return answer;
}

async function kept(request) {
  const found = await (await caches.open(NAME)).match(keyOf(request));
  if (!found) { return Response.error(); }
  const headers = new Headers(found.headers);
  headers.set("X-Kept", "yes");
  return new Response(found.body, { status: found.status, headers: headers });
}
