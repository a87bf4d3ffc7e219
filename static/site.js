// Small helps for every page. Each page works without this file.

// --- "12 minutes ago": the page holds an absolute time, the same for every reader -------------------------------------
const language = document.documentElement.lang || "en-GB";
const known = Intl.RelativeTimeFormat.supportedLocalesOf(language).length > 0; // Chromium often knows no Welsh
const near = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const ago = document.body.dataset.ago?.split("|") ?? [];
const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400]];
const WEEK = 7 * 86400;

function tell(time) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return;
  time.dataset.moment ||= time.textContent;
  time.title = time.dataset.moment;
  const size = Math.abs(seconds);
  const [unit, length] = STEPS.findLast(([, length]) => size >= length) ?? ["second", Infinity]; // "now"
  const words = size > WEEK ? time.dataset.moment : sayNear(Math.trunc(seconds / length), unit) ?? time.dataset.moment;
  if (time.textContent !== words) time.textContent = words;
}

function sayNear(number, unit) {
  if (known) return near.format(number, unit);
  const words = number > 0 ? undefined : ago[1 + STEPS.findIndex(([name]) => name === unit)];
  return words?.replace("{n}", String(-number));
}

const tellAll = () => document.querySelectorAll("time[data-moment]").forEach(tell);
let waiting = 0;
function tellSoon() {
  waiting ||= requestAnimationFrame(() => { waiting = 0; tellAll(); });
}
tellAll();
setInterval(tellAll, 30_000);
new MutationObserver((changes) => {
  if (changes.some((change) => isToTell(change.target) || [...change.addedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE))) tellSoon();
}).observe(document.body, { childList: true, characterData: true, subtree: true });

function isToTell(text) { // a morph writes the absolute time back into an element that stays
  return text.nodeType === Node.TEXT_NODE && text.parentElement?.matches("time[data-moment]");
}

// --- What is offered for a while goes when the while is over: `data-until` holds the moment, the same for every reader -----
function endOffers() {
  for (const offer of document.querySelectorAll("[data-until]")) if (Date.parse(offer.dataset.until) <= Date.now()) offer.remove();
}
endOffers();
setInterval(endOffers, 5_000);

// --- The header stays in sight, and what has the focus never goes under it -----------------------------------------------
const bar = document.querySelector(".bar");
if (bar) {
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`);
  }).observe(bar);
}

// --- A row that is drawn aside by a finger follows the keyboard: browsers leave what is half in sight where it is ------------
document.addEventListener("focusin", ({ target }) => {
  if (target.closest(".steer") && target.matches(":focus-visible")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// --- Menus: one at a time, closed by Escape and by a press elsewhere ----------------------------------------------------
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.menu[open]")) return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = menu === event.target; });
}, true);
document.addEventListener("pointerdown", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    const within = menu.contains(document.activeElement);
    menu.open = false;
    if (within) menu.querySelector("summary").focus();
  });
});

// --- Dialogs close by their button and by a press outside ----------------------------------------------------------------
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && outside(event)) event.target.close();
});

function outside(event) {
  const box = event.target.getBoundingClientRect();
  const keyed = event.clientX === 0 && event.clientY === 0; // Enter on a button inside reports no place
  return !keyed && (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom);
}
