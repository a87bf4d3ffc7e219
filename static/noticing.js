// Points out contact details while somebody writes. It looks in the page alone: nothing is sent anywhere. What counts as a
// detail comes from the server as data (moderation/screening/contact.py), so that there is one table.

const PAUSE = 700; // ms without a key until the words are looked at
const BESIDE = 40; // characters read before a detail

// The first detail in a text, by what it looks like ("phone"), or "".
export function firstDetail(text, { shapes, never }) {
  const words = folded(text);
  for (const { rule, pattern, ...conditions } of shapes) {
    for (const match of words.matchAll(new RegExp(pattern, "g"))) {
      if (counts(match, words, conditions) && !never.includes(dialled(match[0]))) return rule;
    }
  }
  return "";
}

function folded(text) {
  return text.normalize("NFKD").replace(/[\p{Mn}\p{Cf}]/gu, "").replace(/[\u2018\u2019\u02bc`]/g, "'").toLowerCase();
}

function counts(match, words, { only, never, after }) {
  if (only && !new RegExp(only).test(match[0].replace(/[\s().-]/g, ""))) return false;
  if (never && new RegExp(never).test(match[0])) return false;
  return !after || new RegExp(after).test(words.slice(Math.max(0, match.index - BESIDE), match.index));
}

function dialled(words) { // a number as it is dialled at home; anything else as it is
  return words.includes("@") ? words : words.replace(/\D/g, "").replace(/^(?:00)?440?(?=\d{9})/, "0");
}

function watch(region) {
  const form = region.closest("form");
  const data = JSON.parse(region.dataset.noticing);
  let timer;
  const look = () => {
    const texts = [...form.querySelectorAll("textarea, input[type=text]")].map((field) => field.value);
    const rule = firstDetail(texts.join("\n"), data);
    const words = rule && region.dataset[rule];
    form.elements.noticed.value = rule && "details";
    if (region.textContent !== words) region.textContent = words; // the same words are not said twice
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("reset", soon);
  soon(); // words that were restored
}

document.querySelectorAll("[data-noticing]").forEach(watch);
