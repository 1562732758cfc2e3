// The clock panel: the sandbox's time, and buttons to move it on if the bot lets us.
import { get, post } from "./wire.js";

const LOCAL = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const UTC = new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const EVERY = 5000; // milliseconds

export function startClock(panel) {
  const moves = panel.querySelector(".clock-moves");
  const due = panel.querySelector("[data-due]");
  let asked = false;

  function show(clock) {
    const now = new Date(clock.now);
    panel.querySelector(".clock-local").textContent = `${LOCAL.format(now)} local`;
    panel.querySelector(".clock-utc").textContent = `${UTC.format(now)} UTC`;
    moves.hidden = !clock.can_advance;
    due.hidden = !clock.can_skip;
    due.disabled = clock.next_due === null;
    due.title = clock.next_due ? `${LOCAL.format(new Date(clock.next_due))} local` : "Nothing is due";
  }

  async function refresh() {
    if (asked) return;
    asked = true;
    try {
      show(await get("clock"));
    } catch {
      // the server is away; the connection says so, and the next tick asks again
    } finally {
      asked = false;
    }
  }

  moves.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    try {
      show(await post("clock", button.dataset.due ? { due: true } : { seconds: Number(button.dataset.seconds) }));
    } catch (error) {
      panel.querySelector(".clock-utc").textContent = error.message;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  setInterval(refresh, EVERY);
  refresh();
  return refresh;
}
