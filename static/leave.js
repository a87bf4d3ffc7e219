// Leaving quickly: by one press of the button, or by Shift three times. Without this file the button is a link or a form.

const PRESSES = 3;
const WITHIN = 2_000; // ms, from the first press to the last
const LEFT = "harbour:left"; // in sessionStorage: a page that the back button brings back asks the server again
const SHIFT = "harbour:shift"; // in localStorage, for people who are not signed in: "off"

const button = document.querySelector("[data-leave]");
const counted = document.querySelector("[data-countdown]");

function leave() {
  document.documentElement.hidden = document.body.hidden = true;
  document.title = "\u200b";
  navigator.sendBeacon("/leave/"); // ends the session where others use this device
  forgetWords();
  location.replace(button.dataset.leave);
}

function forgetWords() {
  try {
    Object.keys(sessionStorage).filter((name) => name.startsWith("harbour:")).forEach((name) => sessionStorage.removeItem(name));
    sessionStorage.setItem(LEFT, "yes");
  } catch { /* this browser keeps nothing */ }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-leave]")) return;
  event.preventDefault();
  leave();
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return forget(sessionStorage, LEFT);
  if (!read(sessionStorage, LEFT)) return;
  document.documentElement.hidden = document.body.hidden = true;
  location.reload();
});

// --- Shift, three times and bare: any other key, press or shortcut between begins anew -----------------------------------
let bare = false;
let presses = [];
let expiry = 0;

const isOn = () => (button.dataset.shift ?? read(localStorage, SHIFT)) !== "off";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return startOver();
  if (!event.repeat) bare = true;
});

document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !bare || !isOn()) return;
  bare = false;
  presses = [...presses, event.timeStamp].filter((moment) => event.timeStamp - moment < WITHIN);
  if (presses.length === PRESSES) return leave();
  counted.textContent = presses.length === 1 ? counted.dataset.first : counted.dataset.second;
  clearTimeout(expiry);
  expiry = setTimeout(startOver, WITHIN - (event.timeStamp - presses[0]));
});

document.addEventListener("pointerdown", startOver);
addEventListener("blur", startOver);

function startOver() {
  bare = false;
  presses = [];
  clearTimeout(expiry);
  if (counted.textContent) counted.textContent = "";
}

// --- The switch on /leaving/ for people who are not signed in ----------------------------------------------------------------
const choice = document.querySelector("[data-shift-choice]");
if (choice) {
  choice.hidden = false;
  const tick = choice.querySelector("input");
  tick.checked = isOn();
  tick.addEventListener("change", () => {
    if (tick.checked) forget(localStorage, SHIFT);
    else keep(localStorage, SHIFT, "off");
  });
}

// --- The copy of the help page ------------------------------------------------------------------------------------------------
const remove = document.querySelector("[data-remove-copy]");
if (remove && "serviceWorker" in navigator) {
  remove.hidden = false;
  remove.querySelector("button").addEventListener("click", async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    remove.querySelector("[role=status]").textContent = remove.dataset.done;
  });
} else if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {})); // a private window keeps none
}

function read(store, name) {
  try { return store.getItem(name); } catch { return null; }
}
function keep(store, name, value) {
  try { store.setItem(name, value); } catch { /* for this page alone, then */ }
}
function forget(store, name) {
  try { store.removeItem(name); } catch { /* nothing was kept */ }
}
