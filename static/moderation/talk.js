// Says that a conversation lies before somebody's eyes. A tab behind others is drawn anew, and nobody has read what is in it.
// Without this file opening the page says so.

const talk = () => document.getElementById("talk");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;
let saying = false;

async function read() {
  if (document.hidden || saying || !token() || !talk()?.querySelector("[data-unread]")) return;
  saying = true;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token() });
  const answer = await fetch(talk().dataset.read, { method: "POST", body }).catch(() => null);
  if (answer?.ok) talk().querySelectorAll("[data-unread]").forEach((word) => word.removeAttribute("data-unread"));
  saying = false;
}

if (talk()) {
  read();
  document.addEventListener("visibilitychange", read);
  new MutationObserver(read).observe(talk().parentElement, { childList: true, subtree: true });
}
