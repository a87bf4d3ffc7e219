// The wall on the page: applies what happened, each thing once, and moves nothing that is being read.

const byId = (id) => document.getElementById(id);
const parse = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
};
const create = (name, properties) => Object.assign(document.createElement(name), properties);

const ASKED_AT_ONCE = 200; // rows: an address must not grow without end
const rowOf = ({ kind, id }) => `${kind.startsWith("support") ? "support" : "post"} ${id}`;

export class Feed {
  // `host` has viewer, dataset, announce(words) and count(name, number).
  constructor(root, host) {
    this.root = root;
    this.host = host;
    this.versions = new Map(); // of rows told of, shown or not
    this.posts = new Map(); // gathered: id -> event
    this.replies = new Map();
    this.newer = create("div", { className: "newer-place" });
    this.paused = "paused" in host.dataset;
    this.unasked = new Map(); // while paused: the last event of each row
  }

  apply(event) {
    if (this.paused && this.canWait(event)) return this.unasked.set(rowOf(event), event);
    this.unasked.delete(rowOf(event));
    const support = event.kind === "support.changed";
    const shown = byId(support ? `supports-${event.id}` : `post-${event.id}`);
    const row = rowOf(event);
    const known = Math.max(this.versions.get(row) ?? -1, Number(shown?.dataset.version ?? -1));
    if (event.version < known || (event.version === known && event.html)) return;
    this.versions.set(row, event.version);
    if (support) return shown && this.still(() => this.replaceSupports(shown, parse(event.html)));
    if (!event.html) return this.remove(event, shown);
    if (shown) return this.still(() => this.replaceArticle(shown, this.dress(parse(event.html))));
    (event.to ? this.replies : this.posts).delete(event.id);
    if (event.to ? this.isRoomForReply(event) : this.isRoomForPost(event)) this.arrive(event);
    this.showNewer();
  }

  showStale() { // the server no longer knows what this page has missed
    this.stale = true;
    this.showNewer();
  }

  // --- Paused: the page stands still until asked ----------------------------------------------------------------------------

  canWait(event) { // what takes words down or folds them does not, and neither does what this person has just sent
    if (!event.html) return false;
    const fresh = parse(event.html);
    const folds = fresh.querySelector("details.note") && !byId(`post-${event.id}`)?.querySelector("details.note");
    const shown = Boolean(byId(`post-${event.id}`));
    return !fresh.matches(".stone") && !(shown && folds) && Number(fresh.dataset.author) !== this.host.viewer;
  }

  pause(on) {
    this.paused = on;
    if (!on) this.takeUnasked();
    this.showNewer();
  }

  showNew() {
    if (this.stale) return location.reload();
    this.takeUnasked();
    const replies = [...this.replies.values()].filter((reply) => byId(`thread-${reply.to}`));
    if (!this.posts.size && !replies.length) this.host.announce(this.host.dataset.nothingNew);
    if (replies.length) this.showReplies(replies);
    if (this.posts.size) this.showPosts();
  }

  takeUnasked() {
    const [waiting, paused] = [[...this.unasked.values()].sort((a, b) => a.seq - b.seq), this.paused];
    this.paused = false;
    waiting.forEach((event) => this.apply(event));
    this.paused = paused;
  }

  // --- Rights have changed: what may not be seen any more goes, without a word -----------------------------------------------

  async lookAgain() {
    const shown = [...this.root.querySelectorAll("article[id^=post-]")];
    const gathered = [this.posts, this.replies, this.unasked];
    const ids = new Set(shown.map((article) => Number(article.id.slice(5))));
    for (const events of gathered) for (const { id } of events.values()) ids.add(id);
    const [waiting, posts] = [[...ids], {}];
    while (waiting.length) {
      const url = `${this.host.dataset.again}?ids=${waiting.splice(0, ASKED_AT_ONCE)}`;
      const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
      if (answer?.redirected) return; // the wall has closed, and the page is about to leave it
      if (!answer?.ok) return void setTimeout(() => this.lookAgain(), 5_000);
      Object.assign(posts, (await answer.json()).posts);
    }
    for (const events of gathered) {
      for (const [row, event] of events) {
        if (!ids.has(event.id)) continue; // it came meanwhile, by the new rights
        if (!(event.id in posts)) events.delete(row);
        else if (!event.kind.startsWith("support")) event.html = posts[event.id];
      }
    }
    for (const article of shown.filter(({ isConnected }) => isConnected)) {
      const html = posts[article.id.slice(5)];
      if (html) this.foldAgain(article, parse(html));
      else this.takeAway(article);
    }
    this.showNewer();
  }

  foldAgain(shown, fresh) {
    const isMuted = (article) => Boolean(article.querySelector("details.muted"));
    if (isMuted(shown) !== isMuted(fresh)) return this.still(() => this.replaceArticle(shown, this.dress(fresh)));
    const note = shown.querySelector("details.note:not(.folded, .muted)");
    if (note && fresh.querySelector("details.note[open]")) note.open = true;
  }

  toggle(button, on) { // a support, before the server has answered
    const counted = button.querySelector(".count");
    const number = Math.max(0, Number(counted?.textContent ?? 0) + (on ? 1 : -1));
    this.press(button, on);
    counted?.remove();
    if (number) button.append(" ", create("span", { className: "count", textContent: number }));
  }

  // --- Arriving -----------------------------------------------------------------------------------------------------------

  isRoomForPost({ place, html }) {
    const threads = this.root.querySelectorAll(":scope > .thread");
    const article = parse(html);
    if ("single" in this.root.dataset || article.classList.contains("stone") || !this.fits(article)) return false;
    if ("laterPage" in this.root.dataset && !(place < threads[0]?.dataset.place)) return false;
    return !document.querySelector("a[rel=next]") || !threads.length || place > [...threads].at(-1).dataset.place;
  }

  fits({ dataset }) { // a lens shows what it shows: of what arrives, only what waits, or one's own
    const { lens } = this.root.dataset;
    const own = Number(dataset.author) === this.host.viewer;
    return !lens || (lens === "mine" && own) || (lens === "waiting" && "waiting" in dataset && !own);
  }

  isRoomForReply({ to, place }) {
    const thread = byId(`thread-${to}`);
    const shown = thread?.querySelectorAll("[data-replies] > article") ?? [];
    const [first, last] = [shown[0], [...shown].at(-1)];
    if (thread?.querySelector(".later-replies") && place > last?.dataset.place) return false; // it stands on a later page
    return this.posts.has(to) || (thread && !(thread.querySelector(".more-replies") && place < first?.dataset.place));
  }

  arrive(event) {
    const thread = event.to && byId(`thread-${event.to}`);
    const own = Number(parse(event.html).dataset.author) === this.host.viewer;
    const still = thread && !this.isBeingRead(thread);
    if ((own || still) && (thread || !event.to)) this.still(() => this.place(event));
    else (event.to ? this.replies : this.posts).set(event.id, event);
  }

  isBeingRead(thread) { // whether something in sight would move if this thread grew at its end
    const end = thread.getBoundingClientRect().bottom;
    return end > 0 && end < innerHeight;
  }

  place(event) {
    const article = this.dress(parse(event.html));
    if (event.to) {
      const replies = byId(`replies-${event.to}`);
      this.replies.delete(event.id);
      replies.insertBefore(article, [...replies.children].find((other) => other.dataset.place > event.place) ?? null);
      return article;
    }
    const by = article.querySelector(".by")?.textContent.trim() ?? "";
    const thread = create("section", { id: `thread-${event.id}`, className: "thread" });
    const replies = create("div", { id: `replies-${event.id}`, className: "replies" });
    thread.setAttribute("aria-label", this.host.dataset.thread.replace("@", by));
    thread.dataset.place = event.place;
    replies.dataset.replies = "";
    thread.append(article, replies);
    this.posts.delete(event.id);
    this.root.querySelector("[data-empty]")?.remove();
    const older = [...this.root.querySelectorAll(":scope > .thread")].find((other) => other.dataset.place < event.place);
    this.root.insertBefore(thread, older ?? null);
    [...this.replies.values()].filter((reply) => reply.to === event.id).forEach((reply) => this.place(reply));
    return article;
  }

  dress(article) {
    article.classList.toggle("mine", Number(article.dataset.author) === this.host.viewer);
    const note = "opensNotes" in this.host.dataset && article.querySelector("details.note:not(.folded, .muted)");
    if (note) note.open = true;
    return article;
  }

  // --- Changing and going ---------------------------------------------------------------------------------------------------

  remove(event, shown) {
    this.posts.delete(event.id);
    this.replies.delete(event.id);
    for (const reply of this.replies.values()) if (reply.to === event.id) this.replies.delete(reply.id);
    this.showNewer();
    if (!shown) return;
    this.takeAway(shown);
    this.host.announce(this.host.dataset.removed);
  }

  takeAway(shown) { // a reply, or a post with its whole thread
    const reply = Boolean(shown.closest("[data-replies]"));
    const gone = reply ? shown : shown.closest(".thread");
    const next = gone.nextElementSibling ?? gone.previousElementSibling ?? this.root;
    const held = gone.contains(document.activeElement);
    const single = !reply && "single" in this.root.dataset;
    if (single) gone.replaceChildren(create("p", { className: "stone", textContent: this.host.dataset.gone }));
    else this.still(() => gone.remove());
    if (held) this.focus(single ? gone : next);
  }

  replaceArticle(shown, article) {
    const [supports, fresh] = [shown.querySelector(".supports"), article.querySelector(".supports")];
    this.keepMine(shown, article);
    if (Number(supports?.dataset.version) > Number(fresh?.dataset.version)) fresh.replaceWith(supports);
    for (const which of ["details.muted", "details.note:not(.muted)"]) {
      const [note, freshNote] = [shown.querySelector(which), article.querySelector(which)];
      if (freshNote && note) freshNote.open = note.open;
    }
    this.swap(shown, article);
  }

  replaceSupports(shown, fresh) {
    this.keepMine(shown, fresh);
    this.swap(shown, fresh);
  }

  keepMine(shown, fresh) { // a fragment is the same for everyone: what this person has pressed is on the page
    for (const button of fresh.querySelectorAll("button[data-kind]")) {
      const before = shown.querySelector(`button[data-kind="${button.dataset.kind}"]`);
      this.press(button, before?.getAttribute("aria-pressed") === "true");
    }
  }

  press(button, on) {
    button.setAttribute("aria-pressed", String(on));
    button.value = `${button.dataset.kind} ${on ? "off" : "on"}`;
  }

  swap(shown, fresh) { // and whoever stood in it with the keyboard stands there again
    const at = [...shown.querySelectorAll("a, button, summary")].indexOf(document.activeElement);
    shown.replaceWith(fresh);
    if (at >= 0) this.focus([...fresh.querySelectorAll("a, button, summary")][at] ?? fresh);
  }

  focus(element) {
    if (!element.matches("a, button, summary")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  still(change) { // what is in sight stays where it is, whatever grows or goes above it
    const seen = [...document.querySelectorAll("main h1, main form, [data-feed] article")]
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, box]) => box.height && box.bottom > 80 && box.top < innerHeight);
    const result = change();
    const kept = seen.find(([element]) => element.isConnected);
    const moved = kept ? kept[0].getBoundingClientRect().top - kept[1].top : 0;
    if (moved) scrollBy({ top: moved, behavior: "instant" });
    return result;
  }

  // --- Waiting behind a button ------------------------------------------------------------------------------------------------

  showNewer() {
    const words = this.stale && !this.paused ? this.host.dataset.afresh : this.posts.size ? this.host.count("posts", this.posts.size) : "";
    if (!this.newer.isConnected) this.root.before(this.newer);
    this.button(this.newer, "newer primary", words, () => (this.stale ? location.reload() : this.showPosts()));
    for (const thread of this.root.querySelectorAll(":scope > .thread")) {
      const waiting = [...this.replies.values()].filter((reply) => `thread-${reply.to}` === thread.id);
      const counted = waiting.length ? this.host.count("replies", waiting.length) : "";
      this.button(thread, "newer-replies", counted, () => this.showReplies(waiting));
    }
  }

  button(place, className, words, press) {
    let button = place.querySelector(`:scope > .${className.split(" ")[0]}`);
    if (!words) return button?.remove();
    if (!button) place.append((button = create("button", { type: "button", className })));
    if (button.textContent !== words) this.host.announce(words, { often: true });
    button.textContent = words;
    button.onclick = press;
  }

  showPosts() {
    const articles = [...this.posts.values()].map((event) => this.place(event));
    const newest = articles.reduce((a, b) => (a.dataset.place > b.dataset.place ? a : b));
    this.showNewer();
    this.focus(newest);
    newest.closest(".thread").scrollIntoView({ block: "start" });
  }

  showReplies(waiting) {
    const [first] = this.still(() => waiting.map((event) => this.place(event)));
    this.showNewer();
    this.focus(first);
  }
}
