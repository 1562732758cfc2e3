// A button that opens a menu. Arrows move, Enter chooses, Escape closes and gives the focus back.

export function makeMenu(button, panel, entries) {
  function close(focus) {
    if (panel.hidden) return;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus();
  }

  function open() {
    const found = entries();
    panel.replaceChildren();
    for (const { label, note, act } of found) {
      const item = document.createElement("button");
      item.type = "button";
      item.setAttribute("role", "menuitem");
      const name = document.createElement("span");
      name.textContent = label;
      item.append(name);
      if (note) {
        const small = document.createElement("small");
        small.textContent = note;
        item.append(small);
      }
      item.addEventListener("click", () => {
        close(true);
        act();
      });
      panel.append(item);
    }
    if (!found.length) {
      const none = document.createElement("p");
      none.textContent = "The bot has set no commands yet.";
      panel.append(none);
    }
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    panel.querySelector("button")?.focus();
  }

  function move(step) {
    const items = [...panel.querySelectorAll("button")];
    if (!items.length) return;
    const place = items.indexOf(document.activeElement);
    items[(place + step + items.length) % items.length].focus();
  }

  button.addEventListener("click", () => (panel.hidden ? open() : close(true)));
  panel.parentElement.addEventListener("keydown", (event) => {
    if (panel.hidden) return;
    if (event.key === "Escape") close(true);
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  panel.parentElement.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.parentElement.contains(event.relatedTarget)) close(false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!panel.parentElement.contains(event.target)) close(false);
  });
}
