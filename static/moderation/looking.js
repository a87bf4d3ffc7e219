// Says that a case's page is open, so that colleagues see it, and shows who else reads it. Without this file opening the page
// says so, for a minute.

const place = () => document.getElementById("looking"); // it is drawn anew when the case changes
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;
let timer, gone;

async function beat() {
  if (document.hidden || gone || !token()) return;
  const answer = await fetch(place().dataset.beat, { method: "POST", body: said() }).catch(() => null);
  if (answer && !answer.ok) return clearInterval(timer); // signed out, or no longer theirs to see
  const words = await answer?.text().catch(() => undefined);
  if (words === undefined || words === place().textContent.trim()) return;
  const line = Object.assign(document.createElement("span"), { className: "looks", textContent: words });
  place().replaceChildren(...(words ? [line] : []));
}

function said(more = {}) {
  return new URLSearchParams({ csrfmiddlewaretoken: token(), ...more });
}

if (place()) {
  beat();
  timer = setInterval(beat, Number(place().dataset.every) * 1000);
  document.addEventListener("visibilitychange", beat);
  document.body.addEventListener("word:sent", () => setTimeout(beat, 600)); // once it is drawn; then it is read
  addEventListener("pagehide", () => {
    gone = true;
    if (token()) navigator.sendBeacon(place().dataset.beat, said({ leaving: "1" }));
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    gone = false;
    beat();
  });
}
