// The staff board while it is being read: its clocks run, and what changes waits behind a press instead of moving what is read.
// The board itself is drawn by the server: this file fetches the page again and compares. Without it the page is a page.

const EVERY = 30_000; // ms: what was sent gets through or does not, without anybody's doing
const place = document.getElementById("board-newer");
let board = document.getElementById("board");
let fresh, timer, asking, again;
let ahead = Date.parse(board.dataset.now) - Date.now(); // how far the server's clock is before this one

document.body.addEventListener("case:changed", () => soon(300));
document.addEventListener("visibilitychange", () => document.hidden || soon(0));
setInterval(() => document.hidden || soon(0), EVERY);
setInterval(count, 1000);

function count() {
  const now = Date.now() + ahead;
  for (const one of board.querySelectorAll(".running")) {
    const span = one.dataset.since ? now - Date.parse(one.dataset.since) : Date.parse(one.dataset.until) - now;
    const face = faceOf(span);
    if (one.textContent !== face) one.textContent = face;
  }
}

function faceOf(span) { // as clock_face in moderation/board.py
  const seconds = Math.trunc(Math.abs(span) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const minutes = Math.trunc(seconds / 60), hours = Math.trunc(minutes / 60), days = Math.trunc(hours / 24);
  const sign = span < 0 ? "−" : "";
  if (days) return `${sign}${days} d ${hours % 24}:${two(minutes % 60)}`;
  return hours ? `${sign}${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${sign}${minutes}:${two(seconds % 60)}`;
}

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
  const newer = page && page.getElementById("board");
  if (newer) take(page, newer);
  if (again) soon(again = 0);
}

function take(page, newer) {
  if (newer.dataset.stamp === board.dataset.stamp) return offer("");
  fresh = newer;
  document.title = page.title;
  if (!board.querySelector(".board-row")) return show(); // there is nothing yet that could move
  offer(place.dataset.words);
}

function offer(words) {
  const button = place.querySelector("button");
  if (!words) return button?.remove();
  if (button) return;
  const made = Object.assign(document.createElement("button"), { type: "button", className: "newer primary", textContent: words });
  made.addEventListener("click", () => show(true));
  place.append(made);
  document.getElementById("stream")?.announce?.(words);
}

function show(asked) {
  offer("");
  const newer = document.importNode(fresh, true);
  ahead = Date.parse(newer.dataset.now) - Date.now();
  board.replaceWith(newer);
  board = newer;
  window.htmx?.process?.(board);
  if (asked) board.querySelector(".board-row a")?.focus();
}
