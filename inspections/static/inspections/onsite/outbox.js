/* What was filled in is first kept on the device, then sent, one entry after the other, until the server has taken it.
   An entry: {id, box, slot, url, key, fields: [[name, text or file]], refused}. `box` is one person's one inspection, so
   that nobody sends what another typed. A newer entry of the same slot takes the place of one not sent yet. */
"use strict";
window.Outbox = (() => {
  const open = new Promise((resolve, reject) => {
    const asked = indexedDB.open("inspections", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true }).createIndex("box", "box");
      asked.result.createObjectStore("drafts");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  async function store(name, mode, act) {
    const database = await open;
    return new Promise((resolve, reject) => {
      const turn = database.transaction(name, mode);
      const asked = act(turn.objectStore(name));
      turn.oncomplete = () => resolve(asked && asked.result);
      turn.onerror = turn.onabort = () => reject(turn.error);
    });
  }

  const entries = (box) => store("entries", "readonly", (all) => all.index("box").getAll(box));
  const drop = (id) => store("entries", "readwrite", (all) => all.delete(id));

  /* Put back what is still there; what was mended meanwhile has taken its place, and it does not come back. Resolves with
     whether it was. */
  const putBack = (entry) =>
    store("entries", "readwrite", (all) => {
      const kept = { result: false };
      all.get(entry.id).onsuccess = (event) => {
        if (event.target.result) all.put(entry).onsuccess = () => (kept.result = true);
      };
      return kept;
    });

  let token = () => "";
  let told = () => {};
  let sending = null;
  let again = false;

  const newKey = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(16).slice(2)}`);
  const typed = (fields) => fields.filter(([, value]) => typeof value === "string");
  const saysSame = (one, other) => JSON.stringify(typed(one)) === JSON.stringify(typed(other));
  /* Files have no text to compare: an entry with one is always a new one. */
  const same = (one, other) => saysSame(one, other) && typed(one).length === one.length;

  /* Keep an entry and try to send it. Resolves with its id once it is safe on the device. The same said again, while the
     answer to it is still out, is the same entry: the server takes it once. One transaction, so that of two entries of a
     slot kept in the same moment only the later stays. */
  async function keep(box, slot, url, fields) {
    const id = await store("entries", "readwrite", (all) => {
      const kept = {};
      all.index("box").getAll(box).onsuccess = (event) => {
        const earlier = event.target.result.filter((entry) => slot && entry.slot === slot);
        const again = earlier.find((entry) => !entry.refused && same(entry.fields, fields));
        const entry = { box, slot, url, key: again?.key || newKey(), fields, refused: null };
        all.put(entry).onsuccess = (put) => (kept.result = put.target.result);
        for (const old of earlier) all.delete(old.id);
      };
      return kept;
    });
    flush(box);
    return id;
  }

  async function send(entry) {
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    body.set("key", entry.key);
    return fetch(entry.url, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      credentials: "same-origin",
      redirect: "manual",
    });
  }

  async function round(box) {
    for (const entry of (await entries(box)).filter((each) => !each.refused)) {
      let answer;
      try {
        told({ state: "sending", entry, left: await entries(box) });
        answer = await send(entry);
      } catch {
        return told({ state: "offline", left: await entries(box) });
      }
      if (answer.type === "opaqueredirect" || answer.status === 403)
        return told({ state: "signin", left: await entries(box) });
      if (answer.status === 409 || answer.status === 422) {
        const said = await answer.json().catch(() => ({}));
        entry.refused = { errors: said.errors || {}, reasons: said.reasons || [] };
        if (!(await putBack(entry))) continue;
        told({ state: "refused", entry, left: await entries(box) });
      } else if (answer.ok) {
        const said = await answer.json().catch(() => ({}));
        await drop(entry.id);
        told({ state: "done", entry, said, left: await entries(box) });
      } else {
        return told({ state: "offline", left: await entries(box) });
      }
    }
    told({ state: "settled", left: await entries(box) });
  }

  /* Send what is kept; one round at a time, in the order it was kept. */
  async function flush(box) {
    if (sending) {
      again = true;
      return sending;
    }
    do {
      again = false;
      sending = round(box);
      await sending;
      sending = null;
    } while (again);
  }

  return {
    keep,
    flush,
    entries,
    drop,
    start(how) {
      token = how.token;
      told = how.told;
    },
    saveDraft: (name, fields) => store("drafts", "readwrite", (all) => all.put(fields, name)),
    readDraft: (name) => store("drafts", "readonly", (all) => all.get(name)),
    saysSame,
    /* Forget a draft that says what was sent; what was typed since stays. */
    dropDraft: (name, sent) =>
      store("drafts", "readwrite", (all) => {
        all.get(name).onsuccess = (event) => {
          if (event.target.result && saysSame(event.target.result, sent)) all.delete(name);
        };
      }),
  };
})();
