// What is being written. Kept in this tab at once and on the server a little later, one draft for each form. The server
// overwrites nothing: each save has a name, a form knows the names of the saves it has seen, and where somebody else has saved
// since, both texts are shown. Signing out wipes this tab; on a shared device the server forgets as well.

const KEPT = "harbour:";
const PAUSE = 1_500; // ms without a key until the server is asked to keep it
const LONGEST = 10_000; // ms of writing without a pause until it is all the same
const PATIENCE = 1_500; // ms a sign-out waits for words that are not kept yet
const SAVES = 8; // names of saves that a form remembers

const TEXTS = "textarea, input[type=text]";
const texts = (form) => [...form.querySelectorAll(TEXTS)];
const create = (name, properties) => Object.assign(document.createElement(name), properties);

export class Drafts {
  constructor(viewer, host) { // `host` has the words (dataset) and announce(words)
    this.prefix = `${KEPT}${viewer}:`;
    this.host = host;
    this.waiting = new Map(); // form -> {timer, since}: typed and not on its way yet
    this.saving = new Map(); // form -> the save under way
    this.undone = new Map(); // form -> fields to put back
    this.wipe((name) => !name.startsWith(this.prefix));
    for (const type of ["input", "change"]) {
      document.addEventListener(type, (event) => this.keep(event.target.closest?.("form[data-draft]")));
    }
    document.addEventListener("click", (event) => this.pressed(event));
    addEventListener("pagehide", () => this.flush({ keepalive: true }));
    addEventListener("online", () => this.flush());
  }

  // --- In this tab --------------------------------------------------------------------------------------------------------

  load(name) {
    try { return JSON.parse(sessionStorage.getItem(this.prefix + name)); } catch { return null; }
  }

  save(name, value) {
    if (this.over) return;
    try { sessionStorage.setItem(this.prefix + name, JSON.stringify(value)); } catch { /* the form still holds the words */ }
  }

  wipe(which = () => true) {
    Object.keys(sessionStorage).filter((name) => name.startsWith(KEPT) && which(name)).forEach((name) => sessionStorage.removeItem(name));
  }

  keep(form) {
    if (!form || this.over) return;
    this.note(form, { unsaved: true });
    if (this.goesToServer(form)) this.soon(form);
  }

  goesToServer(form) { // what the team writes about others stays in its tab
    return this.host.dataset.draftKinds.split(" ").includes(form.dataset.draft.split("-")[0]);
  }

  note(form, { unsaved }) { // what stands in the form now, in this tab
    const name = `draft:${form.dataset.draft}`;
    if (texts(form).some((field) => field.value)) this.save(name, { fields: [...fieldsOf(form)], seen: seenBy(form), unsaved });
    else sessionStorage.removeItem(this.prefix + name);
  }

  // Called once for each form. `data-draft-state` says what the server has put into it: its draft ("filled"), or the words it
  // has just refused ("refused").
  restore(form) {
    const name = `draft:${form.dataset.draft}`;
    const server = form.elements.draft?.value.split(" ").filter(Boolean) ?? [];
    const here = this.load(name);
    const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    see(form, server);
    if (form.dataset.draftState === "refused") return this.keep(form);
    if (!form.elements.draft && this.goesToServer(form)) this.ask(form);
    if (here?.left && arrived) return sessionStorage.removeItem(this.prefix + name); // stored
    const filled = form.dataset.draftState === "filled";
    if (!here || (!filled && texts(form).some((field) => field.value !== field.defaultValue))) return;
    const known = server.every((save) => here.seen?.includes(save));
    if (!known && !here.unsaved) return this.note(form, { unsaved: false }); // another device has gone on with it
    if (!known && !same(new Map(here.fields), fieldsOf(form))) {
      const other = { version: server.at(-1), fields: Object.fromEntries(fieldsOf(form)) };
      fill(form, here.fields);
      return this.clash(form, other);
    }
    if (form.elements.draft && !server.length && here.seen?.length && !here.unsaved) return sessionStorage.removeItem(this.prefix + name); // sent or discarded elsewhere
    fill(form, here.fields);
    see(form, [...(here.seen ?? []), ...server]);
    this.note(form, here);
    if (!this.goesToServer(form)) return;
    if (here.unsaved) this.soon(form);
    else this.mark(form, "kept");
  }

  async ask(form) { // what is kept on the server, where the page does not show it by itself
    const answer = await fetch(`/drafts/${form.dataset.draft}/`, { headers: { Accept: "application/json" } }).catch(() => null);
    const { version, fields } = answer?.ok ? await answer.json() : {};
    if (!version || seenBy(form).includes(version)) return;
    if (texts(form).some((field) => field.value)) return this.clash(form, { version, fields });
    fill(form, Object.entries(fields));
    see(form, [version]);
    this.note(form, { unsaved: false });
    this.mark(form, "kept");
  }

  forget(form) { // its words have been sent
    clearTimeout(this.waiting.get(form)?.timer);
    this.waiting.delete(form);
    sessionStorage.removeItem(`${this.prefix}draft:${form.dataset.draft}`);
    this.undone.delete(form);
    see(form, []);
    form.querySelector(".clash")?.remove();
    this.mark(form, "");
  }

  forgetPlace(place) {
    const form = formAt(place);
    if (form) this.forget(form);
    else sessionStorage.removeItem(`${this.prefix}draft:${place}`);
  }

  leave(form) { // the plain way: the server answers with a page, and keeps the words on it if it must refuse them
    const name = `draft:${form.dataset.draft}`;
    const draft = form.dataset.draft && this.load(name);
    clearTimeout(this.waiting.get(form)?.timer);
    this.waiting.delete(form);
    if (draft) this.save(name, { ...draft, left: true });
  }

  // --- On the server --------------------------------------------------------------------------------------------------------

  soon(form) {
    const { timer, since = Date.now() } = this.waiting.get(form) ?? {};
    clearTimeout(timer);
    const pause = Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now()));
    this.waiting.set(form, { since, timer: setTimeout(() => this.sync(form), pause) });
  }

  flush(options) {
    return Promise.all([...this.waiting.keys()].map((form) => this.sync(form, options)));
  }

  async sync(form, { keepalive = false } = {}) {
    clearTimeout(this.waiting.get(form)?.timer);
    this.waiting.delete(form);
    if (this.over || form.querySelector(".clash")) return;
    if (!keepalive) await this.saving.get(form);
    const under = this.put(form, keepalive);
    this.saving.set(form, under);
    await under;
  }

  async put(form, keepalive) {
    const [sent, version] = [fieldsOf(form), crypto.randomUUID()];
    const written = texts(form).some((field) => field.value);
    const body = new URLSearchParams([...(written ? sent : [])]);
    const { csrfmiddlewaretoken, key } = form.elements;
    body.set("csrfmiddlewaretoken", csrfmiddlewaretoken.value);
    if (key) body.set("key", key.value);
    body.set("version", version);
    body.set("draft", seenBy(form).join(" "));
    see(form, [...seenBy(form), version]); // the answer may be lost: then this save is still ours
    if (this.load(`draft:${form.dataset.draft}`)) this.note(form, { unsaved: true }); // whoever left quickly has wiped it
    const request = { method: "POST", body, keepalive, headers: { Accept: "application/json" } };
    const answer = await fetch(`/drafts/${form.dataset.draft}/`, request).catch(() => null);
    if (this.over) return;
    if (answer?.ok) this.kept(form, sent, await answer.json());
    else if (answer?.status === 409) this.clash(form, await answer.json());
    else this.unkept(form, answer);
  }

  kept(form, sent, { version }) {
    if (version) see(form, [...seenBy(form), version]);
    if (!same(sent, fieldsOf(form))) return this.note(form, { unsaved: true }); // more was written meanwhile
    this.note(form, { unsaved: false });
    if (version) this.mark(form, "kept");
    else if (!this.undone.has(form)) this.mark(form, "");
  }

  unkept(form, answer) {
    const signedOut = answer?.status === 401 || answer?.status === 403;
    if (!signedOut) this.waiting.set(form, {}); // flushed when the line is back
    this.mark(form, signedOut ? "signed-out" : "here");
  }

  clash(form, { version, fields }) {
    if (same(fieldsOf(form), new Map(Object.entries(fields)))) {
      see(form, [...seenBy(form), version]);
      return this.note(form, { unsaved: false });
    }
    form.querySelector(".clash")?.remove();
    const panel = document.getElementById("draft-clash").content.firstElementChild.cloneNode(true);
    panel.querySelector("[data-other]").textContent = fields.body ?? Object.values(fields).join("\n\n");
    const settle = (act) => () => {
      panel.remove();
      see(form, [...seenBy(form), version]);
      act();
      texts(form)[0]?.focus();
    };
    panel.querySelector("[data-keep-mine]").onclick = settle(() => this.keep(form));
    panel.querySelector("[data-take-other]").onclick = settle(() => {
      this.undone.set(form, fieldsOf(form));
      fill(form, Object.entries(fields));
      this.note(form, { unsaved: false });
      this.mark(form, "taken", this.host.dataset.draftMine);
    });
    form.prepend(panel);
    this.host.announce(panel.querySelector("h2").textContent);
  }

  // --- What the person sees and does ------------------------------------------------------------------------------------------

  mark(form, state, undo = "") {
    const mark = form.querySelector("[data-draft-mark]") ?? this.makeMark(form);
    mark.hidden = !state;
    if (!state) return;
    const words = this.host.dataset[`draft${state.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("")}`];
    mark.querySelector("[data-draft-words]").textContent = words;
    mark.querySelector("[data-draft-discard]").hidden = Boolean(undo);
    mark.querySelector("[data-draft-undo]")?.remove();
    if (undo) mark.append(" ", create("button", { type: "button", className: "link", textContent: undo }));
    if (undo) mark.lastElementChild.dataset.draftUndo = "";
  }

  makeMark(form) { // forms of the other pages have none of their own
    const mark = create("p", { className: "quiet draft-mark", hidden: true });
    const discard = create("button", { type: "button", className: "link", textContent: this.host.dataset.draftDiscard });
    const words = create("span", {});
    [mark.dataset.draftMark, words.dataset.draftWords, discard.dataset.draftDiscard] = ["", "", ""];
    mark.append(words, " ", create("span", { textContent: this.host.dataset.draftFacts }), " ", discard);
    form.append(mark);
    return mark;
  }

  pressed(event) {
    const button = event.target.closest?.("[data-draft-discard], [data-draft-undo]");
    const form = button?.closest("form[data-draft]");
    if (!form) return;
    event.preventDefault();
    if ("draftUndo" in button.dataset) this.undo(form);
    else this.discard(form);
  }

  discard(form) {
    this.undone.set(form, fieldsOf(form));
    texts(form).forEach((field) => { field.value = ""; });
    form.dispatchEvent(new Event("input", { bubbles: true }));
    this.sync(form).then(() => form.dataset.draft.startsWith("edit-") && location.reload()); // its words stand already
    this.mark(form, "discarded", this.host.dataset.draftUndo);
    form.querySelector("[data-draft-undo]").focus();
  }

  undo(form) {
    fill(form, this.undone.get(form));
    this.undone.delete(form);
    this.mark(form, "kept");
    form.dispatchEvent(new Event("input", { bubbles: true }));
    texts(form)[0]?.focus();
  }

  // Before a sign-out: what is not kept yet is kept (not on a shared device, where it would be forgotten), then nothing is left here.
  async end({ shared }) {
    const patience = new Promise((done) => { setTimeout(done, PATIENCE); });
    if (!shared) await Promise.race([this.flush(), patience]);
    this.over = true;
    this.wipe();
  }
}

const formAt = (place) => document.querySelector(`form[data-draft="${CSS.escape(place)}"]`);

function fieldsOf(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => {
    const field = form.elements[name];
    return typeof value === "string" && (field instanceof RadioNodeList ? field[0] : field).type !== "hidden";
  });
  return new Map(fields);
}

function fill(form, fields) {
  for (const [name, value] of fields) {
    const field = form.elements[name];
    if (field?.type === "checkbox") field.checked = true;
    else if (field) field.value = value;
  }
  for (const more of form.querySelectorAll("details")) more.open ||= texts(more).some((field) => field.value);
}

const trimmed = (text) => text.replaceAll("\r\n", "\n").trim();

function same(some, others) { // the server trims, and knows nothing of an empty field that was never there
  const names = new Set([...some.keys(), ...others.keys()]);
  return [...names].every((name) => trimmed(some.get(name) ?? "") === trimmed(others.get(name) ?? ""));
}

const seenBy = (form) => (form.dataset.draftSeen ?? "").split(" ").filter(Boolean);

function see(form, saves) { // the form itself says it too when it is sent
  const names = [...new Set(saves)].slice(-SAVES).join(" ");
  form.dataset.draftSeen = names;
  if (form.elements.draft) form.elements.draft.value = names;
}
