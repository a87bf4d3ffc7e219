// Asks quietly whether somebody on shift is still here, when it is time to, and says so without leaving what they are writing.
// Without this file the line stands on the next page they open.

const form = document.getElementById("still-here");
const words = form?.querySelector("[role=status]");
let timers = [];

function start(asksIn, overIn) {
  timers.forEach(clearTimeout);
  timers = [setTimeout(() => { form.hidden = false; }, asksIn * 1000), setTimeout(over, overIn * 1000)];
}

function over() {
  form.hidden = false;
  if (words.textContent !== form.dataset.over) words.textContent = form.dataset.over;
}

async function stay(event) {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "still");
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) return form.submit(); // signed out: the page that says so is the answer
  if (form.contains(document.activeElement)) document.getElementById("main").focus({ preventScroll: true });
  form.hidden = true;
  words.textContent = form.dataset.asking;
  start(Number(form.dataset.asksEvery), Number(form.dataset.overEvery));
}

if (form) {
  start(Number(form.dataset.asksIn), Number(form.dataset.overIn));
  form.addEventListener("submit", stay);
}
