// One phone: its messages, keyboards, menus, and what its owner does.
import { makeMenu } from "./menu.js";
import { messageElement } from "./message.js";
import { post, readFile } from "./wire.js";

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const TOAST_LIFE = 6000; // milliseconds
const TYPING_LIFE = 5000; // milliseconds; Bot API, sendChatAction: 5 seconds or less
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

const ALERT = document.querySelector(".alert");
ALERT.querySelector("button").addEventListener("click", () => ALERT.close());

export class PhoneView {
  constructor(snapshot) {
    this.id = snapshot.id;
    this.name = snapshot.name;
    this.head = snapshot;
    this.messages = new Map();
    this.pending = new Set();
    this.editing = null;
    this.atEnd = true; // the newest message is in sight, and the next one will be
    this.section = document.querySelector("#phone").content.cloneNode(true).firstElementChild;
    this.section.setAttribute("aria-label", `${snapshot.name} phone`);
    this.log = this.find(".log");
    this.input = this.find("textarea");
    this.find("h2").textContent = snapshot.name;
    this.find(".avatar").textContent = snapshot.name.slice(0, 2);
    this.listen();
    this.makeMenus();
  }

  find(selector) {
    return this.section.querySelector(selector);
  }

  has(id) {
    return this.messages.has(id);
  }

  // what the owner does

  async act(verb, body) {
    try {
      return await post(`phones/${this.id}/${verb}`, body);
    } catch (error) {
      this.toast(error.message);
      return null;
    }
  }

  listen() {
    this.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      } else if (event.key === "Escape" && this.editing) this.stopEditing();
    });
    this.find(".cancel").addEventListener("click", () => this.stopEditing());
    this.find(".hint .start").addEventListener("click", () => {
      this.say("/start");
      this.log.focus(); // the button goes away; the next Tab finds the first answer
    });
    this.find(".blocked .start").addEventListener("click", () => this.act("unblock"));
    this.find(".file").addEventListener("change", (event) => this.attach(event.target));
    this.newest = this.find(".newest");
    this.newest.addEventListener("click", () => {
      this.log.scrollTop = this.log.scrollHeight;
      this.log.focus({ preventScroll: true });
    });
    this.log.addEventListener("scroll", () => this.look());
    new ResizeObserver(() => this.follow()).observe(this.log);
  }

  makeMenus() {
    const menu = (name, entries) => {
      const button = this.find(`[data-menu=${name}]`);
      makeMenu(button, button.nextElementSibling, entries);
    };
    menu("options", () => [
      this.head.blocked
        ? { label: "Unblock the bot", act: () => this.act("unblock") }
        : { label: "Block the bot", note: "It can no longer write here", act: () => this.act("block") },
    ]);
    menu("commands", () =>
      this.head.commands.map(({ command, description }) => ({
        label: `/${command}`,
        note: description,
        act: () => this.say(`/${command}`),
      })),
    );
    menu("more", () => [
      { label: "Picture", note: "from your computer", act: () => this.pick(PICTURES.join(",")) },
      { label: "File", note: "from your computer", act: () => this.pick("") },
      { label: "Sticker", note: "a thumbs up", act: () => this.act("sticker") },
      { label: "Voice message", note: "three seconds of nothing", act: () => this.act("voice") },
      { label: "Location", note: "Greenwich", act: () => this.act("location") },
      { label: "Forwarded message", note: "what you typed, as if from a friend", act: () => this.forward() },
    ]);
  }

  say(text) {
    this.atEnd = true;
    return this.act("say", { text });
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    const editing = this.editing;
    this.input.value = "";
    if (editing) {
      this.stopEditing();
      if (editing.text !== text) await this.act("edit", { message_id: editing.id, text });
      return;
    }
    if ((await this.say(text)) === null) this.input.value = text;
  }

  forward() {
    const text = this.input.value.trim() || "Have you read about this?";
    this.input.value = "";
    this.act("forward", { text });
  }

  pick(accept) {
    const input = this.find(".file");
    input.accept = accept;
    input.click();
  }

  async attach(input) {
    const file = input.files[0];
    if (!file) return;
    const data = await readFile(file);
    input.value = "";
    const caption = this.input.value.trim();
    this.input.value = "";
    if (PICTURES.includes(file.type)) this.act("photo", { data, caption });
    else this.act("document", { data, caption, name: file.name, content_type: file.type || "application/octet-stream" });
  }

  edit(message) {
    this.editing = message;
    this.find(".editing").hidden = false;
    this.input.value = message.text;
    this.input.focus();
  }

  stopEditing() {
    this.editing = null;
    this.find(".editing").hidden = true;
    this.input.value = "";
    this.input.focus();
  }

  tap(messageId, data) {
    this.atEnd = true;
    this.pending.add(`${messageId}:${data}`);
    this.draw(this.messages.get(messageId));
    this.act("press", { message_id: messageId, data });
  }

  // what the phone shows

  load(snapshot) {
    this.messages.clear();
    this.log.replaceChildren();
    this.takeHead(snapshot);
    for (const message of snapshot.messages) this.draw(message);
    this.atEnd = true;
    this.follow();
  }

  take(change) {
    if (change.action) this.typing();
    this.takeHead(change.head);
    if (change.what === "deleted") this.remove(change.message.id);
    else if (change.message) this.draw(change.message);
    if (change.query) this.takeQuery(change.query);
  }

  takeHead(head) {
    this.head = head;
    this.pending = new Set(head.unanswered.map((query) => `${query.message_id}:${query.data}`));
    this.find(".state").textContent = head.blocked ? `has blocked ${head.bot}` : `talking with ${head.bot}`;
    this.find(".hint").hidden = head.started;
    this.find(".hint-about").textContent = head.description;
    this.find(".composer").hidden = head.blocked;
    this.find(".blocked").hidden = !head.blocked;
    this.drawKeyboard(head.blocked ? null : head.keyboard);
  }

  takeQuery(query) {
    const message = this.messages.get(query.message_id);
    if (message) this.draw(message);
    if (!query.answered || !query.text) return;
    if (!query.alert) return this.toast(query.text);
    ALERT.querySelector("p").textContent = query.text;
    ALERT.setAttribute("aria-label", `Notice for ${this.name}`);
    if (!ALERT.open) ALERT.showModal();
  }

  // Shows the newest message: its end, or its beginning if it is fresh and longer than the screen.
  follow(fresh = false) {
    const last = this.log.lastElementChild;
    if (this.atEnd && last) {
      const top = last.offsetTop - this.log.offsetTop - 8;
      this.log.scrollTop = fresh && last.offsetHeight > this.log.clientHeight ? top : this.log.scrollHeight;
    }
    this.look();
  }

  look() {
    this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
    this.newest.hidden = this.atEnd;
  }

  draw(message) {
    if (!message) return;
    const on = {
      say: (text) => this.say(text),
      tap: (id, data) => this.tap(id, data),
      edit: (own) => this.edit(own),
    };
    const element = messageElement(message, this, this.head.bot, this.pending, on);
    const before = this.log.querySelector(`[data-id="${message.id}"]`);
    const fresh = this.messages.get(message.id)?.text !== message.text;
    const focused = before ? [...before.querySelectorAll("button")].indexOf(document.activeElement) : -1;
    this.messages.set(message.id, message);
    if (before) before.replaceWith(element);
    else this.append(element);
    if (focused >= 0) (element.querySelectorAll("button")[focused] ?? this.input).focus({ preventScroll: true });
    if (message.sender === this.id && !before) this.atEnd = true;
    this.follow(fresh);
  }

  append(element) {
    const last = this.log.querySelector("article:last-of-type");
    if (last?.dataset.day !== element.dataset.day) {
      const day = document.createElement("p");
      day.className = "day";
      day.textContent = DAY.format(new Date(element.dataset.day));
      this.log.append(day);
    }
    this.log.append(element);
  }

  remove(id) {
    this.messages.delete(id);
    this.log.querySelector(`[data-id="${id}"]`)?.remove();
  }

  drawKeyboard(keyboard) {
    const group = this.find(".keyboard");
    const rows = keyboard?.keyboard ?? [];
    const drawn = JSON.stringify(rows);
    this.input.placeholder = keyboard?.input_field_placeholder || "Message";
    if (group.dataset.drawn === drawn) return;
    group.dataset.drawn = drawn;
    group.hidden = rows.length === 0;
    group.classList.toggle("tall", !keyboard?.resize_keyboard);
    group.replaceChildren(
      ...rows.map((row) => {
        const line = document.createElement("div");
        line.className = "row";
        for (const { text } of row) {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = text;
          button.addEventListener("click", () => this.say(text));
          line.append(button);
        }
        return line;
      }),
    );
  }

  toast(text) {
    const note = document.createElement("p");
    note.className = "toast";
    note.textContent = text;
    this.find(".toasts").append(note);
    setTimeout(() => note.remove(), TOAST_LIFE);
  }

  typing() {
    const state = this.find(".state");
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.section.classList.remove("typing"), TYPING_LIFE);
    this.section.classList.add("typing");
    state.dataset.typing = `${this.head.bot} is writing…`;
  }
}
