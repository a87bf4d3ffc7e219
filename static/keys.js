// Single keys (WCAG 2.1.4: each member can switch them off, and then their pages do not load this file). The words beside
// the keys stand in templates/forum/_keys.html. The focus goes where a key leads, so a screen reader says what is there.

const KEYS = {
  "?": show,
  j: () => step(1),
  k: () => step(-1),
  r: reply,
  n: write,
  ".": () => document.querySelector("button.newer")?.click(),
  "/": search,
  g: () => { goUntil = Date.now() + 1500; },
};
const PLACES = { w: "/", n: "/notices/", h: "/help/", m: "/me/" }; // after g
const FIELDS = "input, textarea, select, [contenteditable]";
let goUntil = 0;
let sheet;

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  const leads = Date.now() < goUntil && Object.hasOwn(PLACES, key);
  goUntil = 0;
  if (!leads && !Object.hasOwn(KEYS, key)) return;
  event.preventDefault();
  if (leads) location.assign(PLACES[key]);
  else KEYS[key]();
});

function step(by) { // posts on the wall; on a post's own page its replies too
  const which = document.querySelector("[data-single]") ? "[data-feed] article" : "main article:not(.reply)";
  const posts = [...document.querySelectorAll(which)].filter((post) => post.getClientRects().length);
  const at = posts.findIndex((post) => post.contains(document.activeElement));
  const next = at >= 0 ? posts[at + by] : nearest(posts, by);
  if (next) stand(next);
  else if (by > 0) document.querySelector("main a[rel=next]")?.focus();
}

function nearest(posts, by) {
  const line = document.querySelector(".bar").getBoundingClientRect().bottom;
  if (by > 0) return posts.find((post) => post.getBoundingClientRect().top >= line);
  return posts.findLast((post) => post.getBoundingClientRect().top < line);
}

function stand(post) {
  post.tabIndex = -1;
  post.focus({ preventScroll: true });
  post.scrollIntoView({ block: "start" });
}

function reply() {
  const here = document.querySelector("#reply textarea");
  if (here) return here.focus();
  document.activeElement.closest(".thread")?.querySelector(".reply-link")?.click();
}

function write() {
  const field = document.querySelector("main form.compose textarea");
  if (field) field.focus();
  else location.assign(PLACES.w);
}

function search() {
  const field = document.querySelector("main input[type=search]");
  if (field) field.focus();
  else location.assign("/search/");
}

function show() {
  sheet ??= made();
  const before = document.activeElement;
  sheet.addEventListener("close", () => before.focus({ preventScroll: true }), { once: true });
  sheet.showModal();
  sheet.querySelector("h1").focus();
}

function made() {
  const dialog = document.createElement("dialog");
  dialog.append(document.getElementById("sheet").content.cloneNode(true), document.getElementById("keys").content.cloneNode(true));
  const title = dialog.querySelector("h1");
  title.tabIndex = -1;
  dialog.setAttribute("aria-label", title.textContent);
  document.body.append(dialog);
  return dialog;
}
