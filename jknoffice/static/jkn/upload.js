"use strict";
// The page works without this: it saves looking again, and uploading what is too large.

const LOOK_EVERY = 1500;

function follow(card) {
  const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

  function show(found) {
    for (const name of ["phase", "count"]) {
      const before = part(card, name);
      const after = part(found, name).textContent;
      if (before.textContent !== after) before.textContent = after;
    }
    for (const name of ["max", "value"]) {
      const value = part(found, "bar").getAttribute(name);
      if (value === null) part(card, "bar").removeAttribute(name);
      else part(card, "bar").setAttribute(name, value);
    }
  }

  async function look() {
    try {
      const answer = await fetch(location.href, { redirect: "manual" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("[data-live]");
      if (!found || found.dataset.live !== card.dataset.live) {
        location.reload();
        return;
      }
      show(found);
    } catch {
      // The network is away for a moment: look again.
    }
    setTimeout(look, LOOK_EVERY);
  }

  setTimeout(look, LOOK_EVERY);
}

function guard(form) {
  const field = form.querySelector("input[type=file]");
  const warning = form.querySelector("[data-too-large]");
  const tooLarge = () => [...field.files].some((file) => file.size > Number(field.dataset.most));

  field.addEventListener("change", () => {
    warning.hidden = !tooLarge();
  });
  form.addEventListener("submit", (event) => {
    if (tooLarge()) {
      event.preventDefault();
      field.focus();
    } else if (field.files.length) {
      const status = form.querySelector("[data-sending]");
      status.textContent = status.dataset.words;
    }
  });
}

const live = document.querySelector("[data-live]");
if (live) follow(live);
const upload = document.querySelector("[data-upload]");
if (upload) guard(upload);
