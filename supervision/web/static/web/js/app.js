/* Comfort only: every action of the product works without this file. */
(() => {
  "use strict";

  const typing = (element) => element && /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !typing(document.activeElement) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.getElementById("search-box");
      if (box && box.offsetParent !== null) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    }
    if (event.key === "Escape") {
      closeHits();
      document.querySelectorAll("details.menu[open]").forEach((menu) => {
        const held = menu.contains(document.activeElement);
        menu.open = false;
        if (held) menu.querySelector("summary").focus();
      });
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") moveInHits(event);
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (!event.target.closest(".search")) closeHits();
    const more = event.target.closest("a[href='#rail']");
    if (more && location.hash === "#rail") {
      event.preventDefault();
      location.hash = "#main";
    }
  });

  function closeHits() {
    const hits = document.getElementById("search-hits");
    if (hits) hits.replaceChildren();
  }

  function moveInHits(event) {
    const hits = document.getElementById("search-hits");
    const box = document.getElementById("search-box");
    if (!hits || !hits.childElementCount || !event.target.closest(".search")) return;
    const stops = [box, ...hits.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  /* Dialogs: htmx puts a fragment into #dialog-body, the dialog opens; an empty answer closes it. */
  const dialog = () => document.getElementById("dialog");

  /* What a dialog showed, such as an identifier in clear, does not stay in the page. */
  if (dialog()) dialog().addEventListener("close", () => document.getElementById("dialog-body").replaceChildren());

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "dialog-body" || !dialog()) return;
    if (!dialog().open) dialog().showModal();
    const first = dialog().querySelector("[autofocus], .wrong input, .wrong textarea, .dialog-body input:not([type=hidden]), .dialog-body textarea, .dialog-body select");
    if (first) first.focus();
  });

  /* A dialog refused for another field keeps the files that were chosen: their new fields get them. */
  let kept = new Map();
  const files = (root) => [...root.querySelectorAll("input[type=file]")];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    kept = new Map();
    if (target.id !== "dialog-body" || xhr.status !== 422) return;
    files(target).filter((field) => field.files.length).forEach((field) => kept.set(field.name, field.files));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "dialog-body") return;
    files(event.target).filter((field) => kept.has(field.name) && !field.closest(".wrong")).forEach((field) => {
      field.files = kept.get(field.name);
      field.parentElement.querySelectorAll(".again").forEach((told) => told.remove());
    });
  });

  /* A paper that could be shown answers what was wrong with the form above it. */
  document.addEventListener("htmx:afterSwap", (event) => {
    const form = event.target.id === "paper-preview" && event.target.closest("form");
    if (!form) return;
    form.parentElement.querySelectorAll(".refusals, ul.errors").forEach((one) => one.remove());
    form.querySelectorAll(".field.wrong").forEach((field) => field.classList.remove("wrong"));
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  });

  /* A click beside a dialog closes it, unless that would lose what was typed. */
  const typed = (field) => field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked);
  const own = (select) => Math.max([...select.options].findIndex((option) => option.defaultSelected), 0);
  const chosen = (select) => !select.multiple && select.selectedIndex !== own(select);
  const untouched = () =>
    ![...dialog().querySelectorAll("input, textarea")].some(typed) && ![...dialog().querySelectorAll("select")].some(chosen);

  document.addEventListener("click", (event) => {
    const beside = event.target === dialog() && untouched();
    if (dialog() && (beside || event.target.closest("[data-close-dialog]"))) {
      event.preventDefault();
      dialog().close();
    }
    const opener = event.target.closest("[data-print]");
    if (opener) window.print();
  });

  /* A form is sent once: the button rests until the answer comes. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-again")) return;
    setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((b) => { b.disabled = true; }), 0);
    setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((b) => { b.disabled = false; }), 8000);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.tagName === "FORM") event.detail.elt.querySelectorAll("button").forEach((b) => { b.disabled = false; });
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form button").forEach((b) => { b.disabled = false; });
  });

  /* On a phone the filters start folded, unless some are in use. */
  if (window.matchMedia("(max-width: 760px)").matches) {
    document.querySelectorAll("details[data-close-narrow]").forEach((details) => { details.open = false; });
  }

  /* The rail of a long procedure starts at its present position. */
  const settle = (root) => {
    root.querySelectorAll(".steps .now").forEach((now) => {
      const rail = now.closest(".steps");
      rail.scrollLeft = Math.max(0, now.offsetLeft - rail.clientWidth / 2 + now.offsetWidth / 2);
    });
  };
  settle(document);
  document.addEventListener("htmx:afterSettle", (event) => settle(event.target));

  /* Leaving a form with typed text asks first. */
  let dirty = false;
  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form.method === "post" && !event.target.closest("dialog")) dirty = true;
  });
  document.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
})();
