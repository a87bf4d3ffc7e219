// Opens a page with a form (a link marked data-dialog) over the page it stands on, sends the form from there, and shows
// what came of it. Whatever goes wrong, the link leads to the page itself: that works without this file.

const plainPress = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
let dialog, opener, shown; // shown: the address whose form stands in the dialog, until it is sent

function makeDialog() {
  dialog = document.createElement("dialog");
  dialog.id = "report-dialog";
  const content = Object.assign(document.createElement("div"), { className: "dialog-content" });
  dialog.append(document.getElementById("sheet").content.cloneNode(true), content);
  dialog.addEventListener("close", () => {
    if (opener?.isConnected) opener.focus();
  });
  document.body.append(dialog);
}

// Two pages in one document must not share ids: labels and errors of the dialog keep to their own.
function renamed(root) {
  for (const element of root.querySelectorAll("[id]")) element.id = `dialog-${element.id}`;
  for (const name of ["for", "aria-labelledby", "aria-describedby", "form"]) {
    for (const element of root.querySelectorAll(`[${name}]`)) {
      const ids = element.getAttribute(name).trim().split(/\s+/).filter(Boolean);
      element.setAttribute(name, ids.map((id) => `dialog-${id}`).join(" "));
    }
  }
  for (const link of root.querySelectorAll("a[href^='#']")) link.setAttribute("href", `#dialog-${link.hash.slice(1)}`);
  return root;
}

function show(html, url) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main .measure");
  const title = main?.querySelector("h1");
  if (!title) return false;
  const summary = main.querySelector(".errors");
  // Relative addresses were meant for the page they came from.
  for (const link of main.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), url);
  for (const form of main.querySelectorAll("form")) form.action = new URL(form.getAttribute("action") ?? "", url);
  for (const link of main.querySelectorAll(`a[href^="${url}#"]`)) link.setAttribute("href", link.hash);
  dialog ?? makeDialog();
  dialog.setAttribute("aria-label", title.textContent.trim());
  dialog.querySelector(".dialog-content").replaceChildren(...renamed(main).childNodes);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  const first = summary ?? dialog.querySelector("h1");
  first.tabIndex = -1;
  first.focus();
  window.htmx?.process?.(dialog);
  dialog.dispatchEvent(new CustomEvent("form:shown", { bubbles: true }));
  return true;
}

const isWritten = () => [...(dialog?.querySelectorAll("textarea") ?? [])].some((field) => field.value);

async function open(link) {
  if (shown === link.href && isWritten()) return dialog.showModal(); // closed by accident: what was written is still there
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } }).catch(() => null);
  const foreign = !answer?.ok || new URL(answer.url).pathname.startsWith("/accounts/");
  if (foreign || !show(await answer.text(), answer.url)) return location.assign(link.href);
  shown = link.href;
}

async function send(form, submitter) {
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => { button.disabled = true; });
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) }).catch(() => null);
  buttons.forEach((button) => { button.disabled = false; });
  const understood = answer && (answer.ok || [422, 429].includes(answer.status));
  if (answer?.redirected) shown = null;
  if (understood && show(await answer.text(), answer.url)) return;
  form.dataset.plain = "";
  form.requestSubmit(submitter); // the key in the form makes it safe to send again
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (link && plainPress(event)) {
    event.preventDefault();
    const menu = link.closest("details.menu");
    if (!dialog?.contains(link)) opener = menu?.querySelector("summary") ?? link;
    if (menu) menu.open = false;
    open(link);
    return;
  }
  const close = event.target.closest?.("[data-close]");
  if (close && dialog?.contains(close) && plainPress(event)) {
    event.preventDefault();
    dialog.close();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!dialog?.contains(form) || "plain" in form.dataset || event.defaultPrevented) return;
  event.preventDefault();
  send(form, event.submitter);
});
