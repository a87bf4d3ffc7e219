// <wall-stream>: the connection, and what is sent through it. docs/realtime.md tells the wire; templates/_stream.html holds
// the words. Every page works without this file: a form that is not taken here goes to its address as forms do.

import { Drafts } from "./drafts.js";
import { Feed } from "./feed.js";

const SAMPLES = [1, 2, 5]; // numbers the page carries counted words for; the language's rules pick one for any other
const SILENCE = 50_000; // ms; the server speaks every 20 s, so the line is dead
const OFFLINE = 5_000; // ms without a connection until it is said
const LEAVING = 10_000; // ms that another page may take to come
const FAILURES = 3; // in a row, after which forms go the plain way
const CHATTER = 15_000; // ms between two announcements of how much is new

class WallStream extends HTMLElement {
  connectedCallback() {
    const feed = document.querySelector("[data-feed]");
    this.viewer = Number(this.dataset.viewer);
    this.epoch = this.dataset.epoch;
    this.cursor = readCursor(this.dataset.after);
    this.feed = feed && new Feed(feed, this);
    this.drafts = new Drafts(this.viewer, this);
    this.outbox = this.drafts.load("outbox") ?? []; // frames without an answer
    this.failures = this.unread = 0;
    document.querySelectorAll("form[data-draft]").forEach((form) => this.restore(form));
    document.addEventListener("form:shown", ({ target }) => target.querySelectorAll("form[data-draft]").forEach((form) => this.restore(form)));
    document.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("click", (event) => {
      if (!this.feed || !event.target.closest?.("[data-show-new]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.feed.showNew();
    });
    document.addEventListener("visibilitychange", () => document.hidden || this.connect());
    addEventListener("online", () => this.connect());
    addEventListener("beforeunload", () => { this.leftAt = Date.now(); });
    addEventListener("pagehide", () => this.hangUp());
    addEventListener("pageshow", (event) => event.persisted && this.connect());
    setInterval(() => this.socket && Date.now() - this.heardAt > SILENCE && this.hangUp(), OFFLINE);
    this.connect();
  }

  // --- The line ---------------------------------------------------------------------------------------------------------

  connect() {
    if (this.stopped || this.socket) return;
    clearTimeout(this.again);
    const address = new URL(this.dataset.url, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const after = Object.entries(this.cursor).map(([name, seq]) => `${name}:${seq}`).join(",");
    address.search = new URLSearchParams({ after, epoch: this.epoch });
    const socket = new WebSocket(address);
    this.socket = socket;
    this.joined = false;
    this.retryAfter = 0;
    this.heardAt = Date.now();
    socket.onmessage = ({ data }) => socket === this.socket && this.take(JSON.parse(data));
    socket.onclose = () => socket === this.socket && this.closed();
  }

  hangUp() {
    const socket = this.socket;
    if (!socket) return;
    this.closed();
    socket.close();
  }

  closed() {
    this.socket = null;
    this.joined = false;
    this.toggleAttribute("data-live", false);
    this.failures += 1;
    if (this.stopped) return;
    this.offline ??= setTimeout(() => this.say(this.dataset[this.retryAfter > 30 ? "busy" : "offline"]), OFFLINE);
    const pause = Math.min(30_000, 500 * 2 ** Math.min(this.failures, 6));
    this.again = setTimeout(() => this.connect(), this.retryAfter * 1000 + pause * (0.5 + Math.random() / 2));
  }

  send(frame) {
    if (this.joined) this.socket.send(JSON.stringify(frame));
  }

  take(frame) {
    this.heardAt = Date.now();
    const takers = {
      hello: this.welcome, event: this.hear, at: this.beat, reset: this.reset, ack: this.acked, refused: this.refused, bye: this.bye,
    };
    takers[frame.type]?.call(this, frame);
  }

  welcome({ viewer, epoch, at }) {
    if (viewer !== this.viewer || this.lacks(at)) return this.reload();
    this.epoch = epoch;
    this.joined = true;
    this.toggleAttribute("data-live", true);
    this.failures = 0;
    clearTimeout(this.offline);
    this.offline = undefined;
    if (this.querySelector("[data-state]").textContent) {
      this.say("");
      this.announce(this.dataset.online);
    }
    for (const stream of Object.keys(at).filter((name) => !(name in this.cursor))) {
      this.cursor[stream] = at[stream];
      this.askAgain(stream, at[stream]); // the page did not say what it knows of this one
    }
    this.outbox.forEach((frame) => this.send(frame));
    this.drafts.flush();
  }

  beat({ at }) {
    if (this.lacks(at)) return this.reload();
    Object.assign(this.cursor, at);
    this.acknowledge();
  }

  lacks(at) { // a stream this page was drawn with is no longer ours
    return Object.keys(this.cursor).some((name) => !(name in at));
  }

  acknowledge() {
    this.unread = 0;
    this.send({ type: "ack", at: this.cursor });
  }

  reset({ stream, at }) {
    this.cursor[stream] = at;
    if (stream !== "wall") this.askAgain(stream, at);
    else {
      this.feed?.showStale();
      this.tell("wall.changed", { seq: at, stream });
    }
  }

  bye({ code, retry_after: retryAfter }) {
    this.retryAfter = retryAfter;
    if (code === 4003) this.reload();
    if (code !== 4001) return;
    this.stopped = true;
    const link = Object.assign(document.createElement("a"), { href: this.dataset.signInUrl, textContent: this.dataset.signIn });
    link.search = new URLSearchParams({ next: location.pathname + location.search });
    this.say(`${this.dataset.signedOut} `);
    this.querySelector("[data-state]").append(link);
  }

  reload() { // drafts and outbox are kept; twice within ten seconds would be a fault and not an answer
    if (Date.now() - (this.leftAt ?? 0) < LEAVING) return; // the answer to a form is on its way: the next heartbeat asks again
    const before = this.drafts.load("reloaded") ?? 0;
    this.stopped = true;
    this.hangUp();
    if (Date.now() - before < 10_000) return this.say(this.dataset.busy);
    this.drafts.save("reloaded", Date.now());
    location.reload();
  }

  // --- What happens -------------------------------------------------------------------------------------------------------

  hear(event) {
    if (event.seq <= this.cursor[event.stream]) return;
    this.cursor[event.stream] = event.seq;
    if (event.stream === "wall" && event.kind !== "wall.changed") this.feed?.apply(event);
    else this.tell(event.kind, event);
    if (event.kind === "rights.changed") this.feed?.lookAgain();
    this.unread += 1;
    if (this.unread >= 20) this.acknowledge();
  }

  tell(kind, { id = 0, seq, stream }) {
    document.body.dispatchEvent(new CustomEvent(kind.replaceAll(".", ":"), { bubbles: true, detail: { id, seq, stream } }));
  }

  askAgain(stream, seq) { // something may have happened that nobody will tell: pages fetch their parts anew
    const kinds = stream.startsWith("member:") ? ["notice.changed", "word.sent"] : ["case.changed"];
    if (stream !== "wall") kinds.forEach((kind) => this.tell(kind, { seq, stream }));
  }

  say(words) {
    this.querySelector("[data-state]").textContent = words;
  }

  announce(words, { often = false } = {}) {
    if (often && Date.now() - (this.announcedAt ?? 0) < CHATTER) return;
    if (often) this.announcedAt = Date.now();
    this.querySelector("[data-announce]").textContent = words;
  }

  count(name, number) {
    const rules = new Intl.PluralRules(document.documentElement.lang || "en");
    const fit = SAMPLES.findIndex((sample) => rules.select(sample) === rules.select(number));
    const sample = fit < 0 ? SAMPLES.length - 1 : fit;
    return this.dataset[name].split("|")[sample].replace(String(SAMPLES[sample]), String(number));
  }

  // --- Writing --------------------------------------------------------------------------------------------------------------

  submit(event) {
    const { target: form, submitter } = event;
    if (event.defaultPrevented) return this.drafts.leave(form); // htmx has taken it
    if (submitter?.hasAttribute("formaction") && !submitter.dataset.command) return; // to keep a draft, not to send the form
    if (form.matches("[data-sign-out]")) return this.signOut(event);
    if (form.matches("[data-pause]") && this.feed) return this.pause(event);
    const command = submitter?.dataset.command ?? form.dataset.command;
    if (!command || this.plain || this.stopped) return this.drafts.leave(form);
    event.preventDefault();
    if (!this.joined && this.failures >= FAILURES) this.goPlain(form, submitter, command);
    else this.through(form, submitter, command);
  }

  through(form, submitter, command) {
    if (submitter?.dataset.kind) this.press(submitter, command);
    else this.write(form, command);
  }

  async goPlain(form, submitter, command) { // pages may answer where sockets do not; a page that cannot come is not asked for
    const there = await fetch("/livez", { cache: "no-store" }).then((answer) => answer.ok, () => false);
    if (!there) return this.through(form, submitter, command);
    this.plain = true;
    form.requestSubmit(submitter);
  }

  async pause(event) { // without leaving the page; if that cannot be had, the form goes to its address as forms do
    const { target: form, submitter } = event;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, submitter));
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type !== "opaqueredirect") return void (form.append(hidden(submitter)), form.submit());
    const paused = submitter.value === "on";
    for (const part of form.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "paused") !== paused;
    this.feed.pause(paused);
    form.querySelector("[data-when]:not([hidden]) button").focus();
  }

  signOut(event) {
    event.preventDefault();
    this.stopped = true;
    this.hangUp();
    this.drafts.end({ shared: "sharedDevice" in this.dataset }).then(() => event.target.submit());
  }

  write(form, type) {
    const { csrfmiddlewaretoken, next, ...fields } = Object.fromEntries(new FormData(form));
    if (fields.to) fields.to = Number(fields.to);
    complain(form, {});
    form.setAttribute("aria-busy", "true");
    this.post({ type, ...fields }, (other) => other.key === fields.key);
  }

  press(button, type) { // a support, following, keeping
    const frame = { type, key: crypto.randomUUID(), to: Number(button.dataset.to), kind: button.dataset.kind };
    frame.on = button.getAttribute("aria-pressed") !== "true";
    this.toggle(button, frame);
    this.post(frame, (other) => other.type === type && other.to === frame.to && other.kind === frame.kind);
  }

  toggle(button, { type, on }) {
    if (type === "support") this.feed?.toggle(button, on);
    else this.feed?.press(button, on);
  }

  post(frame, isReplaced) {
    this.outbox = [...this.outbox.filter((other) => !isReplaced(other)), frame];
    this.drafts.save("outbox", this.outbox);
    this.send(frame);
    if (this.failures) this.say(this.dataset.offline);
  }

  settle(key) { // an answer came: what it answers, and the form it was written in, if that is on this page
    const frame = this.outbox.find((other) => other.key === key);
    const form = frame && [...document.querySelectorAll("form[data-command]")].find((each) => each.elements.key?.value === key);
    this.outbox = this.outbox.filter((other) => other !== frame);
    this.drafts.save("outbox", this.outbox);
    form?.removeAttribute("aria-busy");
    return { frame, form };
  }

  acked({ key, status }) {
    const { frame, form } = this.settle(key);
    if (!frame?.body) return; // a press has nothing to clear
    if (form) form.elements.key.value = crypto.randomUUID();
    if (!form || lines(form.elements.body.value) === lines(frame.body)) { // else more was written meanwhile
      form?.reset();
      form?.querySelectorAll("textarea, input[type=text]").forEach((field) => { field.value = ""; });
      this.drafts.forgetPlace(frame.to ? `reply-${frame.to}` : "post");
    } else this.drafts.keep(form);
    form?.querySelector("[data-look-again]")?.remove();
    if (status === "held") this.say(this.dataset.held);
    else this.announce(this.dataset.sent);
  }

  refused({ key, code, message, fields, html }) {
    const { frame, form } = this.settle(key);
    if (form && code === "look_again") return lookAgain(form, html);
    if (form && code === "key_used") form.elements.key.value = crypto.randomUUID();
    if (form) return this.announce(complain(form, fields ?? {}, message));
    this.say(message);
    if (!frame?.kind) return;
    const button = document.querySelector(`#post-${frame.to} button[data-kind="${frame.kind}"]`);
    if (button && (button.getAttribute("aria-pressed") === "true") === frame.on) this.toggle(button, { ...frame, on: !frame.on });
  }

  restore(form) {
    const to = Number(form.elements.to?.value ?? 0);
    const waiting = this.outbox.find((frame) => frame.type === form.dataset.command && (frame.to ?? 0) === to);
    if (waiting && form.elements.key) form.elements.key.value = waiting.key; // so that its answer finds the form
    this.drafts.restore(form);
  }
}

const hidden = ({ name, value }) => Object.assign(document.createElement("input"), { type: "hidden", name, value });
const lines = (text) => text.replaceAll("\r\n", "\n");

function readCursor(after) {
  const pieces = after.split(",").filter(Boolean);
  return Object.fromEntries(pieces.map((piece) => {
    const colon = piece.lastIndexOf(":");
    return [piece.slice(0, colon), Number(piece.slice(colon + 1))];
  }));
}

function lookAgain(form, html) { // the step before sharing: the words stay, and the same key sends them again
  const template = Object.assign(document.createElement("template"), { innerHTML: html });
  form.querySelector("[data-look-again]")?.remove();
  form.prepend(template.content);
  form.querySelector("[data-look-again] h2").focus();
}

function complain(form, fields, message = "") { // each reason beside its field, the rest above; returns what to announce
  const places = [...form.querySelectorAll("[data-error-for]")];
  const beside = places.filter((place) => fields[place.dataset.errorFor]);
  const wide = form.querySelector("[data-error]");
  const words = beside.length ? "" : message;
  if (wide) Object.assign(wide, { textContent: words, hidden: !words });
  for (const place of places) {
    const field = form.elements[place.dataset.errorFor];
    const wrong = fields[place.dataset.errorFor]?.join(" ") ?? "";
    Object.assign(place, { textContent: wrong, hidden: !wrong });
    if (!(field instanceof HTMLElement)) continue;
    field.removeAttribute("aria-invalid");
    if (!wrong) continue;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${place.id}`.trim());
  }
  form.querySelector("[aria-invalid=true]")?.focus();
  return message;
}

customElements.define("wall-stream", WallStream);
