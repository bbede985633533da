/* What was filled in is first kept on the device, then sent, one entry after the other, until the server has taken it.
   An entry: {id, box, slot, url, key, fields: [[name, text or file]], at, tried, refused}. `box` is one person's one
   inspection, so that nobody sends what another typed. A newer entry of the same slot takes the place of one not sent
   yet. A draft is what stands in the fields: {fields, at}; `at` puts drafts and entries of a slot in the order in which
   they were filled in. */
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

  async function entries(box) {
    const kept = await store("entries", "readonly", (all) => all.index("box").getAll(box));
    for (const entry of kept) noted(entry.at);
    return kept;
  }
  const drop = (id) => store("entries", "readwrite", (all) => all.delete(id));

  /* Put back what is still there; what was mended meanwhile has taken its place, and it does not come back. Resolves with
     whether it was. */
  const putBack = (entry) =>
    store("entries", "readwrite", (all) => {
      const kept = { result: false };
      all.index("box").getAll(entry.box).onsuccess = (event) => {
        if (!event.target.result.some((each) => each.id === entry.id)) return;
        if (event.target.result.some((each) => follows(each, entry))) all.delete(entry.id);
        else all.put(entry).onsuccess = () => (kept.result = true);
      };
      return kept;
    });

  /* ---- what an answer rests on: the version of the server's answer the officer had in sight ---- */
  const ofItem = (slot) => slot.startsWith("item:");
  const follows = (one, other) => ofItem(other.slot) && one.slot === other.slot && one.id > other.id;
  const restOn = (fields, seen) =>
    fields.map(([name, value]) => [name, name.startsWith("seen_") ? (seen[name.slice(5)] ?? value) : value]);

  /* What was filled in after this entry rests on it, once the server has it. */
  async function restOnSent(entry, seen) {
    if (!ofItem(entry.slot)) return;
    await store("entries", "readwrite", (all) => {
      all.index("box").getAll(entry.box).onsuccess = (event) => {
        const later = event.target.result.filter((each) => follows(each, entry));
        for (const each of later) all.put({ ...each, fields: restOn(each.fields, seen) });
      };
    });
    await store("drafts", "readwrite", (all) => {
      const name = `${entry.box}:${entry.slot}`;
      all.get(name).onsuccess = (event) => {
        const draft = asDraft(event.target.result);
        if (draft && draft.at > (entry.at || 0)) all.put({ ...draft, fields: restOn(draft.fields, seen) }, name);
      };
    });
  }

  /* ---- the order in which things were filled in, whatever the device's clock does meanwhile ---- */
  let last = 0;
  const stamp = () => (last = Math.max(Date.now(), last + 1));
  const noted = (at = 0) => (last = Math.max(last, at));

  /* A draft of an earlier form of this page tells no moment: it is older than anything. */
  const asDraft = (kept) => (Array.isArray(kept) ? { fields: kept, at: 0 } : kept);

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
     slot kept in the same moment only the later stays. An answer to an item that may have reached the server stays before
     the one that follows it, until it is known what became of it. */
  async function keep(box, slot, url, fields, at = stamp()) {
    const id = await store("entries", "readwrite", (all) => {
      const kept = {};
      all.index("box").getAll(box).onsuccess = (event) => {
        const earlier = event.target.result.filter((entry) => slot && entry.slot === slot);
        const again = earlier.find((entry) => !entry.refused && same(entry.fields, fields));
        const entry = { box, slot, url, key: again?.key || newKey(), fields, at, tried: again?.tried, refused: null };
        all.put(entry).onsuccess = (put) => (kept.result = put.target.result);
        const mayBeThere = (old) => ofItem(slot) && old.tried && !old.refused && old !== again;
        for (const old of earlier) if (!mayBeThere(old)) all.delete(old.id);
      };
      return kept;
    });
    flush(box);
    return id;
  }

  const tried = (entry) =>
    store("entries", "readwrite", (all) => {
      const kept = { result: null };
      all.get(entry.id).onsuccess = (event) => {
        const now = event.target.result;
        if (now && !now.refused) all.put({ ...now, tried: true }).onsuccess = () => (kept.result = { ...now, tried: true });
      };
      return kept;
    });

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
    for (const { id } of (await entries(box)).filter((each) => !each.refused)) {
      const entry = await tried({ id });
      if (!entry) continue; // what took its place has its own turn
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
        entry.refused = { errors: said.errors || {}, reasons: said.reasons || [], seen: said.seen || {} };
        if (!(await putBack(entry))) continue;
        told({ state: "refused", entry, left: await entries(box) });
      } else if (answer.ok) {
        const said = await answer.json().catch(() => ({}));
        await restOnSent(entry, said.seen || {});
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
    stamp,
    saveDraft: (name, fields, at = stamp()) =>
      store("drafts", "readwrite", (all) => {
        all.put({ fields, at }, name);
      }),
    async readDraft(name) {
      const draft = asDraft(await store("drafts", "readonly", (all) => all.get(name)));
      noted(draft?.at);
      return draft;
    },
    /* Forget a draft as old as what was sent, or older; what was filled in since stays. */
    dropDraft: (name, sent) =>
      store("drafts", "readwrite", (all) => {
        all.get(name).onsuccess = (event) => {
          const draft = asDraft(event.target.result);
          if (draft && draft.at <= (sent.at || 0)) all.delete(name);
        };
      }),
  };
})();
