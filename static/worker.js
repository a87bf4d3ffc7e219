// The service worker: help and its phone numbers, also while there is no connection. /sw.js says which files, and in which
// version. What it keeps is fetched without cookies, so it is what a stranger sees; of other pages it keeps nothing.

const NAME = `harbour-${HARBOUR.version}`;
const KEPT_PAGES = [HARBOUR.help, HARBOUR.offline];
const FILES = /(?:href|src)="(\/static\/[^"]+)"/g;

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(visit(event, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(fetch(request).catch(async () => (await kept(pathname)) ?? Response.error()));
});

async function fill() {
  const cache = await caches.open(NAME);
  const files = new Set(HARBOUR.files);
  for (const path of KEPT_PAGES) {
    const page = await fetch(path, { credentials: "omit", cache: "no-store" });
    if (!page.ok) throw new Error(`${path} answered ${page.status}`);
    for (const [, file] of (await page.clone().text()).matchAll(FILES)) files.add(file);
    await cache.put(path, page);
  }
  const have = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await cache.addAll([...files].filter((file) => !have.has(file)));
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith("harbour-") && name !== NAME) await caches.delete(name);
  }
  await registration.navigationPreload?.enable();
  await clients.claim();
}

async function visit(event, pathname) {
  const isHelp = pathname === HARBOUR.help;
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (isHelp && answer.status >= 500) return (await kept(HARBOUR.help)) ?? answer;
    if (isHelp) event.waitUntil(fill().catch(() => {})); // the next copy is as new as what was just read
    return answer;
  } catch {
    return (await kept(isHelp ? HARBOUR.help : HARBOUR.offline)) ?? Response.error();
  }
}

const kept = async (path) => (await caches.open(NAME)).match(path, { ignoreSearch: true, ignoreVary: true });

// A page to somebody on call: the words and a link, and nothing about anybody. It stays until it is pressed.
addEventListener("push", (event) => {
  const { words, link, key } = readPage(event.data);
  event.waitUntil(registration.showNotification(words, { tag: key, renotify: true, requireInteraction: true, data: { link } }));
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data?.link ?? "/"));
});

// Whatever comes, something is shown: somebody is being called. Only our own pages are opened.
function readPage(data) {
  try {
    const said = data.json();
    const link = new URL(said.link, location.origin);
    return { words: String(said.words), link: link.origin === location.origin ? link.href : "/", key: String(said.key) };
  } catch {
    return { words: HARBOUR.name ?? "Harbour", link: "/", key: "page" };
  }
}
