/* Makes a witness's contribution in the browser: a random text, its hash, and a file to keep. Nothing is sent. */
"use strict";

(() => {
  const maker = document.querySelector("[data-contribution-maker]");
  if (!maker) return;
  const text = maker.querySelector("#maker-text");
  const hash = maker.querySelector("#maker-hash");
  const keep = maker.querySelector("[data-keep]");

  const update = async () => {
    const long = text.value.length >= 16;
    hash.value = long ? await globalThis.fundDraw.h(text.value) : "";
    keep.hidden = !long;
    if (!long) return;
    if (keep.href) URL.revokeObjectURL(keep.href);
    keep.href = URL.createObjectURL(new Blob([text.value], { type: "text/plain" }));
  };

  text.addEventListener("input", update);
  maker.querySelector("[data-make]").addEventListener("click", () => {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    text.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    update();
  });
})();
