/* The on-site page: answers are sent as they are given, photos as they are taken, other forms when they are sent off;
   what is being typed is kept as a draft. Without this script the same page is a page of plain forms. */
"use strict";
(() => {
  const net = document.getElementById("net");
  if (!net || !window.indexedDB) return;
  const box = `${net.dataset.user}:${net.dataset.task}`;
  const words = net.querySelector("span");
  const signIn = net.querySelector("a");
  const show = net.querySelector("button");
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  for (const spare of $$("[data-without-script]")) spare.hidden = true;

  /* ---- the banner ---- */
  let reloadWhenSent = false;
  let onTheWay = 0; // taken or filled in, and not yet safe on the device
  function say(state, n) {
    net.hidden = false;
    net.className = `net ${state}`;
    words.textContent = net.dataset[state].replace("{n}", n);
    signIn.hidden = state !== "signin";
    show.hidden = state !== "refused";
    for (const link of $$("[data-when-sent]")) link.toggleAttribute("aria-disabled", state !== "sent");
  }

  /* Everything is sent only when nothing waits and nothing was refused. What was refused of a step that this page no
     longer offers stays on the device as its draft, and is not told. */
  function sayWhatIsLeft(left) {
    const waiting = left.filter((entry) => !entry.refused).length + onTheWay;
    const refused = left.filter((entry) => entry.refused && shownAt(entry)).length;
    if (waiting) say("sending", waiting);
    else if (refused) say("refused", refused);
    else say("sent", 0);
    return waiting;
  }

  async function keep(slot, url, fields, at) {
    onTheWay += 1;
    say("sending", onTheWay);
    try {
      return await Outbox.keep(box, slot, url, fields, at);
    } finally {
      onTheWay -= 1;
    }
  }

  /* ---- what could not be taken stands at the field it is about ---- */
  const placeOf = (entry) =>
    document.getElementById(entry.slot.startsWith("item:") ? `item-${entry.slot.slice(5)}` : entry.slot);
  const shownOn = (entry) => document.getElementById(`item-${entry.fields.find(([name]) => name === "item")?.[1]}`);

  const shownAt = (entry) => (entry.slot ? placeOf(entry) : shownOn(entry));

  function sentences(said, attributes) {
    const list = document.createElement("ul");
    Object.assign(list, { className: "errors", ...attributes });
    for (const each of said) {
      const line = document.createElement("li");
      line.textContent = each;
      list.append(line);
    }
    return list;
  }

  function showRefusal(entry) {
    const place = shownAt(entry);
    if (!place) return;
    const { errors = {}, reasons = [] } = entry.refused;
    if (!entry.slot) return showLostPhoto(place, entry, [...Object.values(errors).flat(), ...reasons]);
    hideRefusal(place);
    const seen = place.querySelector("[data-seen]");
    const newer = entry.refused.seen?.[place.dataset.item];
    if (seen && newer !== undefined) seen.dataset.told = newer;
    const general = [...reasons];
    for (const [name, said] of Object.entries(errors)) {
      const control = place.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`);
      const field = control?.closest("[data-field], .field");
      if (!field) {
        general.push(...said);
        continue;
      }
      const list = sentences(said, { id: `${place.id}_${name}_said` });
      field.append(list);
      field.classList.add("wrong");
      for (const each of $$(`[name="${CSS.escape(name)}"]`, field)) {
        each.setAttribute("aria-invalid", "true");
        each.setAttribute("aria-describedby", list.id);
      }
    }
    if (general.length) (place.querySelector(".form") || place).prepend(sentences(general, { tabIndex: -1 }));
  }

  function hideRefusal(place) {
    for (const list of $$("ul.errors", place)) if (!list.closest("[data-entry]")) list.remove();
    for (const field of $$(".wrong", place)) field.classList.remove("wrong");
    for (const control of $$("[aria-invalid]", place)) control.removeAttribute("aria-invalid");
  }

  /* A photo refused cannot be mended, only taken anew: it stays in sight until it is discarded. */
  function showLostPhoto(item, entry, said) {
    if (item.querySelector(`div[data-entry="${entry.id}"]`)) return;
    for (const picture of $$(`img[data-entry="${entry.id}"]`, item)) picture.className = "refused";
    const lost = document.createElement("div");
    lost.className = "lost";
    lost.dataset.entry = entry.id;
    lost.append(sentences(said.map((each) => `${net.dataset.unsent}：${each}`), {}));
    const discard = document.createElement("button");
    Object.assign(discard, { type: "button", textContent: net.dataset.discard });
    discard.addEventListener("click", async () => {
      await Outbox.drop(entry.id);
      for (const trace of $$(`[data-entry="${entry.id}"]`, item)) trace.remove();
      sayWhatIsLeft(await Outbox.entries(box));
    });
    lost.append(discard);
    item.append(lost);
  }

  function goTo(place) {
    for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const first = place?.querySelector("[aria-invalid]") || place?.querySelector(".lost button, ul.errors");
    if (!first) return;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  }

  show.addEventListener("click", async () => {
    const first = (await Outbox.entries(box)).find((entry) => entry.refused && shownAt(entry));
    if (first) goTo(shownAt(first));
  });

  Outbox.start({
    token: () => document.querySelector("input[name=csrfmiddlewaretoken]").value,
    told({ state, entry, said, left }) {
      if (state === "offline" || state === "signin") return say(state, left.length + onTheWay);
      if (state === "done") {
        if (said.total) progress(said.answered, said.total);
        if (said.evidence) offerEvidence(said.evidence);
        if (said.draw_up) leadOn(said.draw_up);
        if (said.against) warn(said.against);
        if (said.photo) showSent(entry, said.photo);
        Outbox.dropDraft(`${box}:${entry.slot}`, entry);
        restOnSent(entry, said.seen);
        if (placeOf(entry)?.dataset.then === "reload") reloadWhenSent = true;
      } else if (state === "refused" && entry) {
        showRefusal(entry);
        const form = placeOf(entry);
        if (form?.matches("[data-outbox]")) {
          for (const button of $$("button", form)) button.disabled = false;
          // Who types in another form meanwhile is not called away.
          const typing = document.activeElement?.closest("input, select, textarea");
          if (!typing || form.contains(typing)) goTo(form);
        }
      }
      if (!sayWhatIsLeft(left) && reloadWhenSent) location.reload();
    },
  });

  /* Whatever is typed here is kept on the device: nobody need be asked before leaving. */
  addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), true);

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

  /* Where an item is said to be in order and a finding speaks against it. */
  function warn(against) {
    for (const item of $$("[data-item]")) {
      const line = item.querySelector("[data-against]");
      line.textContent = against[item.dataset.item] || "";
      line.hidden = !line.textContent;
    }
  }

  /* A photo just taken can be cited by the finding that is being written. */
  function offerEvidence(pieces) {
    const list = document.getElementById("id_add_finding_evidence");
    if (!list) return;
    if (pieces.length) list.closest(".field").querySelector("[data-nothing]")?.remove();
    for (const [id, title] of pieces) {
      if (list.querySelector(`input[value="${id}"]`)) continue;
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", name: "evidence", value: id, id: `${list.id}_${id}_new` });
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
    $$("input[type=radio]:checked, input[type=number], textarea, [data-seen]", item).map((field) => [field.name, field.value]);

  /* Whatever of an item changes is its newest draft, and an answer to it is sent as new as that. */
  function saveItem(item) {
    const at = Outbox.stamp();
    Outbox.saveDraft(`${box}:item:${item.dataset.item}`, fieldsOf(item), at);
    return at;
  }

  function keepItem(item) {
    hideRefusal(item);
    const at = saveItem(item);
    if (!item.querySelector("input[type=radio]:checked")) return;
    progress($$("[data-item]:has(input[type=radio]:checked)").length, $$("[data-item]").length);
    keep(`item:${item.dataset.item}`, checklist.action, fieldsOf(item), at);
  }

  /* What is filled in from here on rests on the answer just sent. */
  function restOnSent(entry, seen = {}) {
    const field = placeOf(entry)?.querySelector("[data-seen]");
    if (!field || !(field.closest("[data-item]").dataset.item in seen)) return;
    field.value = seen[field.closest("[data-item]").dataset.item];
    delete field.dataset.told;
  }

  /* Who chooses an answer where one of another device was told of knows of that one; who only types on need not. */
  function choose(item) {
    const field = item.querySelector("[data-seen]");
    field.value = field.dataset.told ?? field.value;
    keepItem(item);
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
        choose(item);
        return;
      }
      saveItem(item);
      waiting.add(item);
      clearTimeout(pause);
      pause = setTimeout(keepWaiting, 800);
    });
    checklist.addEventListener("change", keepWaiting);
    addEventListener("pagehide", keepWaiting);
    checklist.addEventListener("submit", (event) => {
      event.preventDefault();
      keepWaiting();
    });
    // To insist on an answer that was refused is to choose it again, and that changes nothing the browser would tell.
    checklist.addEventListener("click", (event) => {
      const insisted = event.target.matches("[aria-invalid][type=radio]:checked");
      if (insisted) choose(event.target.closest("[data-item]"));
    });
  }

  /* ---- photos ---- */
  function thumb(item, file, entry) {
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = file.name;
    picture.className = "pending";
    picture.dataset.entry = entry;
    item.querySelector(".thumbs").insertBefore(picture, item.querySelector(".thumbs .add"));
  }

  function showSent(entry, url) {
    const picture = document.querySelector(`img[data-entry="${entry.id}"]`);
    if (!picture) return;
    const link = document.createElement("a");
    link.href = url;
    picture.replaceWith(link);
    picture.className = "";
    link.append(picture);
  }

  for (const input of $$("[data-photo]")) {
    input.addEventListener("change", async () => {
      const item = input.closest("[data-item]");
      const files = [...input.files];
      input.value = "";
      for (const file of files) {
        const fields = [["item", item.dataset.item], ["taken_at", new Date().toISOString()], ["file", file]];
        thumb(item, file, await keep("", document.getElementById(input.getAttribute("form")).action, fields));
      }
    });
  }

  /* ---- the signatures: each in the place of the file that would hold it ---- */
  const signed = new Set();
  for (const pad of $$("[data-signature]")) {
    const canvas = pad.querySelector("canvas");
    const pen = canvas.getContext("2d");
    pad.hidden = false;
    pad.closest("form").querySelector(`input[name="${pad.dataset.signature}"]`).closest(".field").querySelector("label").after(pad);
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
      signed.add(pad);
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
      signed.delete(pad);
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
      for (const pad of $$("[data-signature]", form).filter((each) => signed.has(each))) {
        const name = pad.dataset.signature;
        const drawn = await picture(pad.querySelector("canvas"));
        fields.push([name, new File([drawn], `${name}.png`, { type: "image/png" })]);
      }
      await keep(form.id, form.action, fields);
    });
  }

  /* ---- what an earlier visit to this page left behind: it rests on the server's answer that stood there then, not on
     one that another device gave since and nobody here has seen ---- */
  const seenBy = (fields) => fields.find(([name]) => name.startsWith("seen_"))?.[1] ?? "";
  async function bringBack() {
    const kept = await Outbox.entries(box);
    const unkept = [];
    for (const item of $$("[data-item]")) {
      const draft = await Outbox.readDraft(`${box}:item:${item.dataset.item}`);
      const entry = kept.findLast((each) => each.slot === `item:${item.dataset.item}`);
      // Filled in after what was sent, and the page was left before it could be kept.
      if (!draft || (entry && draft.at <= (entry.at || 0))) continue;
      fill(item, draft.fields);
      item.querySelector("[data-seen]").value = seenBy(draft.fields);
      unkept.push(item);
    }
    for (const form of $$("[data-outbox]")) {
      const draft = await Outbox.readDraft(`${box}:${form.id}`);
      if (draft) {
        fill(form, draft.fields);
        form.closest("details")?.setAttribute("open", "");
      }
    }
    for (const entry of kept) {
      const place = placeOf(entry);
      if (place && !unkept.includes(place)) {
        fill(place, entry.fields);
        if (place.matches("[data-item]")) place.querySelector("[data-seen]").value = seenBy(entry.fields);
      }
      const file = entry.fields.find(([key, value]) => key === "file" && value instanceof Blob);
      if (file && shownOn(entry)) thumb(shownOn(entry), file[1], entry.id);
      if (entry.refused) {
        showRefusal(entry);
        place?.closest("details")?.setAttribute("open", "");
      }
    }
    unkept.forEach(keepItem);
    if (kept.length) Outbox.flush(box);
  }

  addEventListener("online", () => Outbox.flush(box));
  addEventListener("offline", async () => say("offline", (await Outbox.entries(box)).length));
  setInterval(async () => {
    if (navigator.onLine && (await Outbox.entries(box)).some((entry) => !entry.refused)) Outbox.flush(box);
  }, 20000);
  bringBack();
})();
