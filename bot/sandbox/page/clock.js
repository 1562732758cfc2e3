// The clock panel: the sandbox's time, and buttons to move it on if the bot lets us.
import { get, post } from "./wire.js";

const LOCAL = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const UTC = new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const EVERY = 5000; // milliseconds

export function startClock(panel) {
  const moves = panel.querySelector(".clock-moves");
  const due = panel.querySelector("[data-due]");
  let asked = false;
  let again = false; // something happened while we asked

  function show(clock) {
    const now = new Date(clock.now);
    const abroad = now.getTimezoneOffset() !== 0;
    panel.querySelector(".clock-local").textContent = `${LOCAL.format(now)}${abroad ? " local" : ""}`;
    panel.querySelector(".clock-utc").textContent = abroad ? `${UTC.format(now)} UTC` : "";
    moves.hidden = !clock.can_advance;
    due.hidden = !clock.can_skip;
    due.disabled = clock.next_due === null;
    due.title = clock.next_due ? `${LOCAL.format(new Date(clock.next_due))} local` : "No check-in is set yet. Choose days and a time under Check-ins.";
  }

  async function refresh() {
    if (asked) {
      again = true;
      return;
    }
    asked = true;
    try {
      show(await get("clock"));
    } catch {
      // the server is away; the connection says so, and the next tick asks again
    } finally {
      asked = false;
      if (again) {
        again = false;
        refresh();
      }
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
