// The crisis record saves itself: a little after each pause, when a field is left, and when the page goes. One save is on its
// way at a time; each has a number, so that one that arrives late changes nothing. What could not be saved is tried again, and
// where somebody else has saved in the meantime nothing is written over: both texts are shown at a press.

const PAUSE = 2_000; // ms without a key
const LONGEST = 8_000; // ms of writing without a pause
const AGAIN = 5_000; // ms until a save that failed is tried again

const form = document.querySelector("form[data-record]");
const status = form.querySelector("[data-record-status]");
const clash = form.querySelector("[data-record-clash]");
const tab = form.elements.tab.value;
let dirty = false, timer = 0, since = 0, saving = null, stopped = false;

const ours = (target) => target?.name && !target.name.startsWith("contact-") && !target.name.startsWith("sheet-");

for (const type of ["input", "change"]) {
  form.addEventListener(type, (event) => { if (ours(event.target)) touched(type === "change" ? 0 : PAUSE); });
}
form.addEventListener("focusout", () => { if (dirty) save(); });
form.addEventListener("submit", () => { // it carries everything itself
  form.elements.turn.value = Number(form.elements.turn.value) + 1;
  stopped = true;
});
addEventListener("pagehide", () => { if (dirty && !stopped) save({ keepalive: true }); });
addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });
addEventListener("online", () => { if (dirty) save(); });
document.addEventListener("visibilitychange", () => { if (document.hidden && dirty) save({ keepalive: true }); });

function touched(pause) {
  if (stopped) return;
  if (!dirty) since = Date.now();
  dirty = true;
  status.textContent = form.dataset.saving;
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(pause, since + LONGEST - Date.now())));
}

async function save({ keepalive = false } = {}) {
  clearTimeout(timer);
  if (stopped || (saving && !keepalive)) return saving;
  dirty = false;
  form.elements.turn.value = Number(form.elements.turn.value) + 1;
  const data = new FormData(form);
  data.set("do", "quietly");
  saving = send(data, keepalive);
  await saving;
  saving = null;
  if (dirty && !stopped) touched(PAUSE);
}

async function send(data, keepalive) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, keepalive, headers: { Accept: "application/json" }, redirect: "error" });
    if (answer.status === 409) return refuse(await answer.json());
    if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
    kept(await answer.json());
  } catch {
    dirty = true;
    status.textContent = form.dataset.unsaved;
    setTimeout(() => { if (dirty) save(); }, AGAIN);
  }
}

function kept(answer) {
  if (form.elements.tab.value !== tab) return;
  form.elements.seen.value = Math.max(answer.version, Number(form.elements.seen.value));
  const faults = Object.entries(answer.errors);
  status.textContent = faults.length ? form.dataset.fault : `${form.dataset.saved} ${answer.at}`;
  for (const place of form.querySelectorAll("[data-error-for]")) {
    if (!ours({ name: place.dataset.errorFor })) continue;
    place.textContent = answer.errors[place.dataset.errorFor] ?? "";
    place.hidden = !place.textContent;
  }
  const list = form.querySelector("[data-record-missing]");
  list.replaceChildren(...answer.missing.map((part) => {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("a"), { href: `#part-${part.name}`, textContent: part.label }));
    return item;
  }));
  form.querySelector("[data-record-whole]").hidden = answer.missing.length > 0;
}

function refuse(answer) {
  stopped = true;
  status.textContent = "";
  clash.querySelector("span").textContent = answer.refused;
  clash.querySelector("button").hidden = Boolean(answer.gone);
  clash.hidden = false;
}

if (matchMedia("(min-width: 62rem)").matches) document.querySelector("[data-wide-open]")?.setAttribute("open", "");
