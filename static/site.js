// Small helps for every page. Each page works without this file.

// --- "12 minutes ago": the page holds an absolute time, the same for every reader -------------------------------------
const near = new Intl.RelativeTimeFormat(document.documentElement.lang || "en-GB", { numeric: "auto" });
const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400]];
const WEEK = 7 * 86400;

function tell(time) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return;
  time.dataset.moment ||= time.textContent;
  time.title = time.dataset.moment;
  const size = Math.abs(seconds);
  const [unit, length] = STEPS.findLast(([, length]) => size >= length) ?? ["second", Infinity]; // "now"
  const words = size > WEEK ? time.dataset.moment : near.format(Math.trunc(seconds / length), unit);
  if (time.textContent !== words) time.textContent = words;
}

const tellAll = () => document.querySelectorAll("time[data-moment]").forEach(tell);
let waiting = 0;
function tellSoon() {
  waiting ||= requestAnimationFrame(() => { waiting = 0; tellAll(); });
}
tellAll();
setInterval(tellAll, 30_000);
new MutationObserver((changes) => {
  if (changes.some((change) => [...change.addedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE))) tellSoon();
}).observe(document.body, { childList: true, subtree: true });

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

// --- Leaving quickly: the page is gone at once and the back button does not bring it back --------------------------------
document.addEventListener("click", (event) => {
  const leave = event.target.closest?.("[data-leave]");
  if (!leave) return;
  event.preventDefault();
  document.body.hidden = true;
  document.title = "";
  location.replace(leave.href);
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
