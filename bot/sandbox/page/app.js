// The page: one live connection, a view for each phone, tabs where only one fits.
import { startClock } from "./clock.js";
import { PhoneView } from "./phone.js";

const phones = new Map();
const tabs = document.querySelector(".tabs");
const main = document.querySelector(".phones");
const lost = document.querySelector(".link-state");
const refreshClock = startClock(document.querySelector(".clock"));
let active = null;
let wait = 250; // milliseconds before the next try to connect

function show(id) {
  active = id;
  for (const [number, { view, tab }] of phones) {
    const chosen = number === id;
    view.section.dataset.active = String(chosen);
    tab.setAttribute("aria-pressed", String(chosen));
    if (chosen) mark(number, 0);
  }
}

function mark(id, count) {
  const phone = phones.get(id);
  phone.unread = count;
  phone.badge.textContent = count ? String(count) : "";
  phone.badge.hidden = count === 0;
  phone.tab.setAttribute("aria-label", count ? `${phone.view.name}, ${count} new` : phone.view.name);
}

function addPhone(snapshot) {
  const view = new PhoneView(snapshot);
  const tab = document.createElement("button");
  tab.type = "button";
  const badge = document.createElement("span");
  badge.className = "badge";
  tab.append(snapshot.name, " ", badge);
  tab.addEventListener("click", () => show(snapshot.id));
  tabs.append(tab);
  main.append(view.section);
  phones.set(snapshot.id, { view, tab, badge, unread: 0 });
  mark(snapshot.id, 0);
}

function take(change) {
  if (change.what === "all") {
    for (const snapshot of change.phones) {
      if (!phones.has(snapshot.id)) addPhone(snapshot);
      phones.get(snapshot.id).view.load(snapshot);
    }
    show(active ?? change.phones[0].id);
    return;
  }
  const phone = phones.get(change.head.id);
  const fresh = change.what === "message" && change.message.from_bot && !phone.view.has(change.message.id);
  phone.view.take(change);
  if (fresh && change.head.id !== active) mark(change.head.id, phone.unread + 1);
  refreshClock();
}

function connect() {
  const address = new URL("/control/live" + location.search, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  socket.addEventListener("open", () => {
    wait = 250;
    lost.hidden = true;
    refreshClock();
  });
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    lost.hidden = false;
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, 4000);
  });
}

connect();
