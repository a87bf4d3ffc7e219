// What is being written, kept in this tab alone: gone when somebody signs out here, or when another person signs in.

const KEPT = "harbour:";

export class Drafts {
  constructor(viewer) {
    this.prefix = `${KEPT}${viewer}:`;
    this.wipe((name) => !name.startsWith(this.prefix));
    for (const type of ["input", "change"]) {
      document.addEventListener(type, (event) => this.keep(event.target.closest?.("form[data-draft]")));
    }
  }

  load(name) {
    try { return JSON.parse(sessionStorage.getItem(this.prefix + name)); } catch { return null; }
  }

  save(name, value) {
    try { sessionStorage.setItem(this.prefix + name, JSON.stringify(value)); } catch { /* the form still holds the words */ }
  }

  forget(draft) { sessionStorage.removeItem(`${this.prefix}draft:${draft}`); }

  wipe(which = () => true) {
    Object.keys(sessionStorage).filter((name) => name.startsWith(KEPT) && which(name)).forEach((name) => sessionStorage.removeItem(name));
  }

  keep(form) {
    if (!form) return;
    const fields = [...new FormData(form)].filter(([name, value]) => form.elements[name].type !== "hidden" && typeof value === "string");
    const written = [...form.querySelectorAll("textarea, input[type=text]")].some((field) => field.value);
    if (written) this.save(`draft:${form.dataset.draft}`, { fields });
    else this.forget(form.dataset.draft);
  }

  restore(form) {
    const draft = this.load(`draft:${form.dataset.draft}`);
    const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    if (draft?.left && arrived) return this.forget(form.dataset.draft); // stored, or back on this page beside its error
    if (!draft || [...form.querySelectorAll("textarea")].some((field) => field.value)) return;
    for (const [name, value] of draft.fields) {
      const field = form.elements[name];
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
    for (const more of form.querySelectorAll("details")) {
      more.open ||= [...more.querySelectorAll("textarea, input[type=text]")].some((field) => field.value);
    }
  }

  leave(form) { // the plain way: the server answers with a page, and keeps the words on it if it must refuse them
    const name = `draft:${form.dataset.draft}`;
    const draft = form.dataset.draft && this.load(name);
    if (draft) this.save(name, { ...draft, left: true });
  }
}
