/* The on-site page: answers are sent as they are given, photos as they are taken, other forms when they are sent off;
   what is being typed is kept as a draft. Without this script the same page is a page of plain forms. */
"use strict";
(() => {
  const net = document.getElementById("net");
  if (!net || !window.indexedDB) return;
  const box = `${net.dataset.user}:${net.dataset.task}`;
  const words = net.querySelector("span");
  const signIn = net.querySelector("a");
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  for (const spare of $$("[data-without-script]")) spare.hidden = true;

  /* ---- the banner ---- */
  let reloadWhenSent = false;
  function say(state, n) {
    net.hidden = false;
    net.className = `net ${state}`;
    words.textContent = net.dataset[state].replace("{n}", n);
    signIn.hidden = state !== "signin";
    for (const link of $$("[data-when-sent]")) link.toggleAttribute("aria-disabled", state !== "sent");
  }

  function showRefusal(entry) {
    const place = entry.slot.startsWith("item:") ? document.getElementById(`item-${entry.slot.slice(5)}`) : null;
    const form = place || document.getElementById(entry.slot);
    if (!form) return;
    let list = form.querySelector(":scope > .errors");
    if (!list) {
      list = document.createElement("p");
      list.className = "errors";
      list.setAttribute("role", "alert");
      form.append(list);
    }
    list.hidden = false;
    list.textContent = (entry.refused || []).join("　");
  }

  function hideRefusal(form) {
    const list = form && form.querySelector(":scope > .errors");
    if (list) list.hidden = true;
  }

  Outbox.start({
    token: () => document.querySelector("input[name=csrfmiddlewaretoken]").value,
    told({ state, entry, said, left }) {
      const waiting = left.filter((each) => !each.refused).length;
      if (state === "done") {
        if (said && said.total) progress(said.answered, said.total);
        if (said && said.evidence) offerEvidence(said.evidence);
        if (said && said.draw_up) leadOn(said.draw_up);
        Outbox.dropDraft(`${box}:${entry.slot}`);
        if (document.getElementById(entry.slot)?.dataset.then === "reload") reloadWhenSent = true;
        say(waiting ? "sending" : "sent", waiting);
      } else if (state === "refused") {
        if (entry) showRefusal(entry);
        say("refused", left.filter((each) => each.refused).length);
      } else {
        say(state, left.length);
      }
      if (state === "sent" && reloadWhenSent) location.reload();
    },
  });

  /* ---- answers ---- */
  function progress(answered, total) {
    const bar = document.getElementById("progress");
    if (!bar) return;
    bar.max = total;
    bar.value = answered;
    document.getElementById("answered").textContent = answered;
    document.getElementById("total").textContent = total;
  }

  /* What still stands in the way of the record, after what was just sent. */
  function leadOn(part) {
    const now = document.getElementById("draw-up");
    if (now) now.outerHTML = part;
  }

  /* A photo just taken can be cited by the finding that is being written. */
  function offerEvidence(pieces) {
    const list = document.querySelector("#finding #id_evidence");
    if (!list) return;
    if (pieces.length) list.closest(".field").querySelector("[data-nothing]")?.remove();
    for (const [id, title] of pieces) {
      if (list.querySelector(`input[value="${id}"]`)) continue;
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", name: "evidence", value: id, id: `id_evidence_${id}_new` });
      const label = document.createElement("label");
      label.htmlFor = box.id;
      label.append(box, ` ${title}`);
      const row = document.createElement("div");
      row.append(label);
      list.append(row);
    }
  }

  const checklist = document.querySelector("[data-checklist]");
  const fieldsOf = (item) =>
    $$("input[type=radio]:checked, input[type=number], textarea", item).map((field) => [field.name, field.value]);

  function keepItem(item) {
    hideRefusal(item);
    if (!item.querySelector("input[type=radio]:checked")) {
      Outbox.saveDraft(`${box}:item:${item.dataset.item}`, fieldsOf(item));
      return;
    }
    item.classList.add("answered");
    progress($$("[data-item]:has(input[type=radio]:checked)").length, $$("[data-item]").length);
    Outbox.keep(box, `item:${item.dataset.item}`, checklist.action, fieldsOf(item));
  }

  /* What is typed while the page still brings back what was kept earlier is newer, and stands. */
  const touched = new WeakSet();
  document.addEventListener("input", (event) => touched.add(event.target), true);

  function fill(root, fields) {
    for (const [name, value] of fields) {
      if (typeof value !== "string") continue;
      const named = $$(`[name="${CSS.escape(name)}"]`, root);
      if (named.some((field) => touched.has(field))) continue;
      for (const field of named) {
        if (field.type === "radio" || field.type === "checkbox") {
          if (field.value === value) field.checked = true;
        } else if (field.type !== "file" && field.type !== "hidden") field.value = value;
      }
    }
  }

  if (checklist) {
    let pause;
    const waiting = new Set();
    const keepWaiting = () => {
      clearTimeout(pause);
      waiting.forEach(keepItem);
      waiting.clear();
    };
    checklist.addEventListener("input", (event) => {
      const item = event.target.closest("[data-item]");
      if (!item || event.target.type === "file") return;
      if (event.target.type === "radio") {
        waiting.delete(item);
        keepItem(item);
        return;
      }
      Outbox.saveDraft(`${box}:item:${item.dataset.item}`, fieldsOf(item));
      waiting.add(item);
      clearTimeout(pause);
      pause = setTimeout(keepWaiting, 800);
    });
    checklist.addEventListener("change", keepWaiting);
    addEventListener("pagehide", keepWaiting);
    checklist.addEventListener("submit", (event) => {
      event.preventDefault();
      $$("[data-item]", checklist).forEach(keepItem);
    });
  }

  /* ---- photos ---- */
  function thumb(item, file, pending) {
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = file.name;
    picture.className = pending ? "pending" : "";
    item.querySelector(".thumbs").insertBefore(picture, item.querySelector(".thumbs .add"));
  }

  for (const input of $$("[data-photo]")) {
    input.addEventListener("change", async () => {
      const item = input.closest("[data-item]");
      const form = input.form;
      for (const file of input.files) {
        thumb(item, file, true);
        const fields = [["item", item.dataset.item], ["taken_at", new Date().toISOString()], ["file", file]];
        await Outbox.keep(box, "", form.action, fields);
      }
      input.value = "";
    });
  }

  /* ---- the signature ---- */
  const signed = new WeakMap();
  for (const pad of $$("[data-signature]")) {
    const canvas = pad.querySelector("canvas");
    const pen = canvas.getContext("2d");
    pad.hidden = false;
    pad.closest("form").querySelector(`input[name="${pad.dataset.signature}"]`).closest(".field").before(pad);
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    let drawing = false;
    const at = (event) => {
      const frame = canvas.getBoundingClientRect();
      return [
        ((event.clientX - frame.left) * canvas.width) / frame.width,
        ((event.clientY - frame.top) * canvas.height) / frame.height,
      ];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      drawing = true;
      signed.set(pad.closest("form"), pad);
      pen.beginPath();
      pen.moveTo(...at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(...at(event));
      pen.stroke();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (drawing = false));
    pad.querySelector("[data-clear]").addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      signed.delete(pad.closest("form"));
    });
  }

  const picture = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/png"));

  /* ---- other forms ---- */
  for (const form of $$("[data-outbox]")) {
    const name = `${box}:${form.id}`;
    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      const typed = [...new FormData(form)].filter(([key, value]) => typeof value === "string" && key !== "csrfmiddlewaretoken" && key !== "key");
      Outbox.saveDraft(name, typed);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      hideRefusal(form);
      const fields = [...new FormData(form)].filter(
        ([key, value]) => key !== "csrfmiddlewaretoken" && key !== "key" && !(value instanceof File && !value.size),
      );
      const pad = signed.get(form);
      if (pad) {
        const file = new File([await picture(pad.querySelector("canvas"))], "signature.png", { type: "image/png" });
        fields.push([pad.dataset.signature, file]);
      }
      await Outbox.keep(box, form.id, form.action, fields);
    });
  }

  /* ---- what an earlier visit to this page left behind ---- */
  async function bringBack() {
    const kept = await Outbox.entries(box);
    for (const item of $$("[data-item]")) {
      const typed = await Outbox.readDraft(`${box}:item:${item.dataset.item}`);
      if (typed) fill(item, typed);
    }
    for (const form of $$("[data-outbox]")) {
      const typed = await Outbox.readDraft(`${box}:${form.id}`);
      if (typed) {
        fill(form, typed);
        form.closest("details")?.setAttribute("open", "");
      }
    }
    for (const entry of kept) {
      const item = entry.slot.startsWith("item:") ? document.getElementById(`item-${entry.slot.slice(5)}`) : null;
      const form = item || document.getElementById(entry.slot);
      if (form) fill(form, entry.fields);
      const file = entry.fields.find(([key, value]) => key === "file" && value instanceof Blob);
      const shown = entry.fields.find(([key]) => key === "item");
      if (file && shown) thumb(document.getElementById(`item-${shown[1]}`), file[1], true);
      if (entry.refused) showRefusal(entry);
    }
    if (kept.length) Outbox.flush(box);
  }

  addEventListener("online", () => Outbox.flush(box));
  addEventListener("offline", async () => say("offline", (await Outbox.entries(box)).length));
  setInterval(async () => {
    if (navigator.onLine && (await Outbox.entries(box)).some((entry) => !entry.refused)) Outbox.flush(box);
  }, 20000);
  bringBack();
})();
