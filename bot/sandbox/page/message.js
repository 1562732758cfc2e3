// One message as an <article>. Everything typed goes in as text nodes, never as markup.

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span" };
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function safeLink(address) {
  try {
    return new URL(address).protocol === "https:" ? new URL(address).href : null;
  } catch {
    return null;
  }
}

function link(address, className) {
  const safe = safeLink(address);
  if (!safe) return make("span", className);
  const anchor = make("a", className);
  anchor.href = safe;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function wrap(entity, text, say) {
  if (entity.type === "url") return link(text);
  if (entity.type === "text_link") return link(entity.url);
  if (entity.type === "bot_command" && say) {
    const button = make("button", "inline-command");
    button.type = "button";
    button.addEventListener("click", () => say(text));
    return button;
  }
  const element = make(TAGS[entity.type] ?? "span", entity.type === "spoiler" ? "spoiler" : "");
  if (entity.type === "spoiler") element.tabIndex = 0;
  return element;
}

// Entities nest; offsets are UTF-16 units, as JavaScript's strings are. One that would cross its parent's end is cut.
function fill(parent, text, entities, start, end, say) {
  let at = start;
  while (entities.length && entities[0].offset < end) {
    const entity = entities.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    parent.append(text.slice(at, from));
    const element = wrap(entity, text.slice(from, to), say);
    fill(element, text, entities, from, to, element.tagName === "A" || element.tagName === "BUTTON" ? null : say);
    parent.append(element);
    at = to;
  }
  parent.append(text.slice(at, end));
}

function words(text, entities, say) {
  const body = make("div", "words");
  fill(body, text, [...(entities ?? [])], 0, text.length, say);
  return body;
}

function fileAddress(message) {
  return `/control/files/${encodeURIComponent(message.file_id)}`;
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

const THINGS = {
  photo(message) {
    const anchor = make("a", "picture");
    anchor.href = fileAddress(message);
    anchor.target = "_blank";
    const image = make("img");
    const largest = message.photo[message.photo.length - 1];
    image.width = largest.width;
    image.height = largest.height;
    image.alt = message.caption ? `Picture: ${message.caption}` : "Picture";
    image.src = fileAddress(message);
    anchor.append(image);
    return anchor;
  },
  document(message) {
    const anchor = make("a", "file-card");
    anchor.href = fileAddress(message);
    anchor.download = message.document.file_name ?? "file";
    const label = make("span", "", message.document.file_name ?? "file");
    anchor.append(label, make("small", "", `${size(message.document.file_size)} · download`));
    return anchor;
  },
  sticker(message) {
    const sticker = make("div", "sticker", message.sticker.emoji ?? "Sticker");
    sticker.setAttribute("role", "img");
    sticker.setAttribute("aria-label", `Sticker ${message.sticker.emoji ?? ""}`);
    return sticker;
  },
  voice: (message) => make("div", "other", `🎤 Voice message, ${message.voice.duration} s`),
  location: (message) => make("div", "other", `📍 Location ${message.location.latitude}, ${message.location.longitude}`),
};

function foot(message, mine, edit) {
  const line = make("div", "foot");
  if (mine && message.kind === "text" && !message.forward_origin) {
    const button = make("button", "quiet edit", "Edit");
    button.type = "button";
    button.setAttribute("aria-label", `Edit what you wrote at ${TIME.format(new Date(message.date * 1000))}`);
    button.addEventListener("click", () => edit(message));
    line.append(button);
  }
  if (message.edit_date) line.append(make("span", "", "edited"));
  const when = make("time", "", TIME.format(new Date(message.date * 1000)));
  when.dateTime = new Date(message.date * 1000).toISOString();
  line.append(when);
  return line;
}

function inlineButton(button, message, tap, pending) {
  if (button.url) {
    const anchor = link(button.url, "tap");
    anchor.textContent = `${button.text} ↗`;
    return anchor;
  }
  const element = make("button", "tap", button.text);
  element.type = "button";
  if (button.callback_data === undefined) element.disabled = true;
  if (pending.has(`${message.id}:${button.callback_data}`)) element.setAttribute("aria-busy", "true");
  element.addEventListener("click", () => tap(message.id, button.callback_data));
  return element;
}

// `on` has say(text), tap(message_id, data), edit(message); `pending` holds "message_id:data" of unanswered taps.
export function messageElement(message, owner, botName, pending, on) {
  const mine = message.sender === owner.id;
  const article = make("article", mine ? "message mine" : "message theirs");
  article.dataset.id = message.id;
  article.dataset.day = new Date(message.date * 1000).toDateString();
  article.append(make("h3", "unseen", mine ? "You" : botName));
  const bubble = make("div", "bubble");
  if (message.forward_origin) bubble.append(make("p", "note", `Forwarded from ${message.forward_origin.sender_user_name ?? "someone"}`));
  if (message.reply_to_message) {
    const quoted = message.reply_to_message;
    bubble.append(make("p", "note", quoted.text ?? quoted.caption ?? "a message"));
  }
  if (THINGS[message.kind]) bubble.append(THINGS[message.kind](message));
  const text = message.text ?? message.caption;
  if (text) bubble.append(words(text, message.entities ?? message.caption_entities, on.say));
  bubble.append(foot(message, mine, on.edit));
  article.append(bubble);
  for (const row of message.reply_markup?.inline_keyboard ?? []) {
    const line = make("div", "row");
    line.append(...row.map((button) => inlineButton(button, message, on.tap, pending)));
    article.append(line);
  }
  return article;
}
