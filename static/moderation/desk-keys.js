// Single keys for the team, in the queue and on a case's page. Loaded only where the member has not switched single keys off;
// keys.js has the others, and templates/moderation/_keys.html the words. A key presses what stands on the page, so it can do
// nothing that the page does not offer.

const FIELDS = "input, textarea, select, [contenteditable]";
const queue = document.getElementById("queue");
const KEYS = queue
  ? { j: () => step(1), k: () => step(-1), c: claim, r: () => open(""), e: () => open("#escalate"), a: () => open("#decide") }
  : { c: () => document.querySelector('#case-facts button[value="claim"]')?.click(), e: () => goTo("escalate"), a: () => goTo("decide") };

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest?.(FIELDS) || document.querySelector("dialog[open]") || !Object.hasOwn(KEYS, key)) return;
  event.preventDefault(); // and keys.js, which comes after, leaves it alone
  KEYS[key]();
}, true);

function step(by) {
  const rows = [...queue.querySelectorAll("[data-case] > a")];
  const at = rows.indexOf(here());
  const next = at < 0 ? rows[by > 0 ? 0 : rows.length - 1] : rows[at + by];
  if (next) next.focus();
  else if (by > 0) queue.querySelector("a[rel=next]")?.focus();
}

function here() {
  return document.activeElement.closest("[data-case]")?.querySelector("a");
}

function claim() {
  here()?.parentElement.querySelector('button[value="claim"]')?.click();
}

function open(place) {
  const link = here();
  if (link) location.assign(link.getAttribute("href") + place);
}

function goTo(id) {
  const part = document.getElementById(id);
  if (!part) return;
  if (part instanceof HTMLDetailsElement) part.open = true;
  part.scrollIntoView({ block: "start" });
  const field = part.querySelector("textarea, input:not([type=hidden]), select") ?? part.querySelector("button, summary");
  field?.focus({ preventScroll: true });
}

// After the browser has gone to the address's own anchor, which takes the focus away.
if (!queue && ["#escalate", "#decide"].includes(location.hash)) {
  addEventListener("load", () => requestAnimationFrame(() => setTimeout(goTo, 0, location.hash.slice(1))));
}
