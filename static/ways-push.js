// Asks this browser for a subscription and hands it to the form; the form is then sent like any other.

const form = document.getElementById("push-form");
const error = document.getElementById("push-error");

form?.addEventListener("submit", async (event) => {
  if (form.elements.endpoint.value) return;
  event.preventDefault();
  error.hidden = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") return say(form.dataset.denied);
    await navigator.serviceWorker.register("/sw.js");
    const worker = await navigator.serviceWorker.ready;
    const asked = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.key });
    const { endpoint, keys } = asked.toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.submit();
  } catch {
    say(form.dataset.failed);
  }
});

function say(words) {
  error.textContent = words;
  error.hidden = false;
}
