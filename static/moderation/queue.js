// The queue while it is being read: a row changes where it stands, what is new waits behind a press, what has gone is greyed
// and stays till then. The list itself is drawn by the server: this file fetches the page again and compares. Without it the
// page is a page.

const queue = document.getElementById("queue");
const EVERY = 30_000; // ms: due times go on, and who closed a page without saying so is no longer reading it
const rowsOf = (root) => [...root.querySelectorAll("#queue-rows > [data-case]")];
let fresh; // the list as the server drew it last
let timer, asking, again;

document.body.addEventListener("case:changed", () => soon(300));
document.addEventListener("visibilitychange", () => document.hidden || soon(0));
setInterval(() => document.hidden || soon(0), EVERY);

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

async function look() {
  if (asking) return void (again = true);
  asking = true;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  const html = answer?.ok && !answer.redirected ? await answer.text().catch(() => "") : "";
  asking = false;
  const page = html && new DOMParser().parseFromString(html, "text/html");
  if (page && page.getElementById("queue")) take(page);
  if (again) soon(again = 0);
}

function take(page) {
  fresh = page.getElementById("queue-list");
  document.title = page.title;
  still(() => {
    renew(document.getElementById("queue-head"), page.getElementById("queue-head"));
    for (const [at, link] of links(page).entries()) renew(links(document)[at], link);
    compare();
  });
}

const links = (root) => [...root.querySelectorAll("#queue-filters nav a")];

function renew(part, by) {
  if (part && by && part.innerHTML !== by.innerHTML) part.innerHTML = by.innerHTML;
}

function still(change) { // nothing that is being read moves, not even when a sentence above it takes another line
  const row = rowsOf(queue).find((one) => one.getBoundingClientRect().bottom > 80);
  const before = row?.getBoundingClientRect().top;
  change();
  const moved = row?.isConnected ? row.getBoundingClientRect().top - before : 0;
  if (moved) scrollBy({ top: moved, behavior: "instant" });
}

function compare() {
  const shown = rowsOf(queue);
  const now = new Map(rowsOf(fresh).map((row) => [row.id, row]));
  if (!shown.length) return show(); // there is nothing yet that could move
  const further = fresh.querySelector("a[rel=next]") && rowsOf(fresh).at(-1).dataset.order; // the next page goes on from here
  for (const row of shown) {
    const by = now.get(row.id);
    if (by) update(row, by);
    else if (!further || row.dataset.order <= further) grey(row);
  }
  const added = [...now.keys()].filter((id) => !document.getElementById(id)).length;
  const gone = queue.querySelector(".case-row.gone");
  const order = shown.filter((row) => now.has(row.id)).map((row) => row.id).join();
  const moved = order !== [...now.keys()].filter((id) => document.getElementById(id)).join();
  offer(added ? queue.dataset.new.replace("{n}", added) : gone || moved ? queue.dataset.tidy : "");
}

function update(row, by) {
  const link = row.querySelector("a.case"), newer = by.querySelector("a.case");
  row.className = by.className;
  row.dataset.order = by.dataset.order;
  link.className = newer.className;
  renew(link, newer);
  const form = row.querySelector("form"), other = by.querySelector("form");
  if (form?.elements.seen.value === other?.elements.seen.value) return;
  if (form?.contains(document.activeElement)) link.focus({ preventScroll: true });
  form?.remove();
  if (other) row.append(document.importNode(other, true));
}

function grey(row) {
  if (row.classList.contains("gone")) return;
  if (row.querySelector("form")?.contains(document.activeElement)) row.querySelector("a").focus({ preventScroll: true });
  row.classList.add("gone");
  row.querySelector("form")?.remove();
  row.querySelector(".when").replaceChildren(Object.assign(document.createElement("span"), { className: "quiet", textContent: queue.dataset.gone }));
}

function offer(words) {
  const place = document.getElementById("queue-newer");
  const button = place.querySelector("button");
  if (!words) return button?.remove();
  if (button) return void (button.textContent === words || (button.textContent = words));
  const made = Object.assign(document.createElement("button"), { type: "button", className: "newer primary", textContent: words });
  made.addEventListener("click", show);
  place.append(made);
  document.getElementById("stream")?.announce?.(words);
}

function show() {
  const before = new Set(rowsOf(queue).map((row) => row.id));
  const asked = before.size > 0;
  offer("");
  document.getElementById("queue-list").replaceChildren(...document.importNode(fresh, true).childNodes);
  if (!asked) return;
  const rows = rowsOf(queue);
  const first = rows.find((row) => !before.has(row.id)) ?? rows[0];
  (first?.querySelector("a") ?? queue.querySelector("#queue-list a"))?.focus();
}
