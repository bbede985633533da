/* Recomputes a published double-random draw, format fund-supervision-draw/1, in the reader's browser.

   Nothing is taken from the page but the published JSON: rolls, commitment, seed, tickets, inspectors and
   replacements are computed here and compared. Hashing is the browser's own WebCrypto; where that is not offered
   (a page served without TLS) the small SHA-256 below takes its place.

   H(a, b, …) is the lower-case hex SHA-256 of the UTF-8 texts joined by one line feed. */
"use strict";

globalThis.fundDraw = (() => {
  const FORMAT = "fund-supervision-draw/1";
  const BATCH = 2000;
  const encoder = new TextEncoder();

  /* SHA-256 of FIPS 180-4, for pages without WebCrypto. */
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
  const fraction = (root) => ((root - Math.floor(root)) * 0x100000000) | 0;
  const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const ROUND = primes.map((prime) => fraction(Math.cbrt(prime)));
  const turn = (word, by) => (word >>> by) | (word << (32 - by));

  const compress = (state, block, at) => {
    const w = new Int32Array(64);
    for (let i = 0; i < 16; i += 1) w[i] = block.getInt32(at + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, k] = state;
    for (let i = 0; i < 64; i += 1) {
      const t1 = (k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
      const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [k, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, k].forEach((word, i) => { state[i] = (state[i] + word) | 0; });
  };

  const plainSha256 = (bytes) => {
    const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
    view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
    const state = Int32Array.from(START);
    for (let at = 0; at < padded.length; at += 64) compress(state, view, at);
    return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  };

  const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
  const subtle = globalThis.crypto && globalThis.crypto.subtle;
  let hashes = 0;

  const sha256 = async (bytes) => {
    hashes += 1;
    if (!subtle) return plainSha256(bytes);
    let hex = "";
    for (const byte of new Uint8Array(await subtle.digest("SHA-256", bytes))) hex += HEX[byte];
    return hex;
  };

  const h = (...texts) => sha256(encoder.encode(texts.join("\n")));

  /* UTF-8 bytes order as code points do; JavaScript's own order of text is by UTF-16 units. */
  const compareText = (left, right) => {
    const a = encoder.encode(left);
    const b = encoder.encode(right);
    const length = Math.min(a.length, b.length);
    for (let i = 0; i < length; i += 1) if (a[i] !== b[i]) return a[i] - b[i];
    return a.length - b.length;
  };
  const compareHex = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

  const isAscii = (text) => /^[\x20-\x7e]*$/.test(text);

  const rollBytes = (rows) => {
    const lines = rows.map((row) => row.join("\t"));
    lines.sort(lines.every((line) => isAscii(line.replaceAll("\t", " "))) ? compareHex : compareText);
    return encoder.encode(lines.map((line) => `${line}\n`).join(""));
  };

  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value !== null && typeof value === "object") {
      const keys = Object.keys(value).sort(compareText);
      return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
    }
    if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error(`not an integer: ${value}`);
    return JSON.stringify(value);
  };

  const ticketQueues = async (targets, seed, progress) => {
    const queues = new Map();
    for (let from = 0; from < targets.length; from += BATCH) {
      const batch = targets.slice(from, from + BATCH);
      const tickets = await Promise.all(batch.map(([stratum, code]) => h(seed, "target", stratum, code)));
      batch.forEach(([stratum, code, area], i) => {
        if (!queues.has(stratum)) queues.set(stratum, []);
        queues.get(stratum).push({ ticket: tickets[i], stratum, code, area });
      });
      if (progress) progress(Math.min(from + BATCH, targets.length), targets.length);
    }
    for (const queue of queues.values()) queue.sort((a, b) => compareHex(a.ticket, b.ticket));
    return queues;
  };

  class Staffing {
    constructor(inspectors, each, seed) {
      this.inspectors = inspectors.map(([certificate, areas, recused]) => ({
        certificate, areas: areas.split(","), recused: new Set(recused.split(",")),
      }));
      this.each = each;
      this.seed = seed;
      this.drawn = new Map();
      this.teams = new Map();
      this.waiting = new Map();
    }

    count(certificate) {
      this.drawn.set(certificate, (this.drawn.get(certificate) || 0) + 1);
    }

    async staff({ code, area }) {
      const able = this.inspectors.filter(
        (one) => (one.areas.includes("*") || one.areas.includes(area)) && !one.recused.has(code),
      );
      const order = await Promise.all(able.map(async ({ certificate }) => ({
        certificate,
        times: this.drawn.get(certificate) || 0,
        hash: await h(this.seed, "inspector", code, certificate),
      })));
      order.sort((a, b) => a.times - b.times || compareHex(a.hash, b.hash));
      const names = order.map((one) => one.certificate);
      this.teams.set(code, names.slice(0, this.each));
      this.waiting.set(code, names.slice(this.each));
      this.teams.get(code).forEach((certificate) => this.count(certificate));
      return [...this.teams.get(code)];
    }

    next(code, out) {
      const team = this.teams.get(code);
      team.splice(team.indexOf(out), 1);
      const substitute = this.waiting.get(code).shift();
      if (substitute === undefined) return null;
      team.push(substitute);
      this.count(substitute);
      return substitute;
    }
  }

  const compute = async (published, progress) => {
    const { announcement, contributions } = published;
    const open = published.public === null || published.public === undefined ? [] : [published.public];
    const commitment = await h(canonical(announcement));
    const seed = await h(commitment, ...contributions, ...open);
    const queues = await ticketQueues(published.targets, seed, progress);
    const winners = announcement.strata.flatMap(({ name, take }) => (queues.get(name) || []).slice(0, take));
    winners.sort((a, b) => compareHex(a.ticket, b.ticket));
    const staffing = new Staffing(published.inspectors, announcement.inspectors_each, seed);
    const selected = [];
    for (const winner of winners) {
      const { ticket, stratum, code } = winner;
      selected.push({ ticket, stratum, code, inspectors: await staffing.staff(winner) });
    }
    return { commitment, seed, selected, queues, staffing };
  };

  /* The first published replacement that is not the next in line, or null. */
  const wrongReplacement = async (published, { queues, selected, staffing }) => {
    const place = new Map(published.announcement.strata.map(({ name, take }) => [name, take]));
    const stratumOf = new Map(selected.map(({ code, stratum }) => [code, stratum]));
    for (const entry of published.replacements || []) {
      let expected = null;
      if (entry.kind === "inspector") {
        if (!(staffing.teams.get(entry.target) || []).includes(entry.out)) return entry;
        expected = staffing.next(entry.target, entry.out);
      } else {
        if (!staffing.teams.delete(entry.out)) return entry;
        const stratum = stratumOf.get(entry.out);
        const substitute = queues.get(stratum)[place.get(stratum)];
        if (substitute) {
          expected = substitute.code;
          place.set(stratum, place.get(stratum) + 1);
          stratumOf.set(expected, stratum);
          await staffing.staff(substitute);
        }
      }
      if (entry.in !== expected) return entry;
    }
    return null;
  };

  const sameTarget = (mine, theirs) =>
    theirs !== undefined && ["ticket", "stratum", "code"].every((key) => mine[key] === theirs[key]);

  const sameTeam = (mine, theirs) => canonical(mine.inspectors) === canonical((theirs || {}).inspectors || null);

  /* {agree, checks: [{name, agree, detail}], computed, hashes, milliseconds}; names are the keys of the page's texts. */
  const verify = async (published, progress) => {
    const began = performance.now();
    hashes = 0;
    const { announcement, contributions, result } = published;
    const checks = [];
    const check = (name, agree, detail) => checks.push({ name, agree, detail: String(detail) });

    const targets = await sha256(rollBytes(published.targets));
    check("targets", targets === announcement.targets_sha256, targets);
    const inspectors = await sha256(rollBytes(published.inspectors));
    check("inspectors", inspectors === announcement.inspectors_sha256, inspectors);
    const sizes = {};
    for (const [stratum] of published.targets) sizes[stratum] = (sizes[stratum] || 0) + 1;
    const announced = {};
    for (const { name, size } of announcement.strata) if (size) announced[name] = size;
    const once = new Set(published.targets.map(([, code]) => code)).size === published.targets.length;
    check("strata", announcement.format === FORMAT && once && canonical(sizes) === canonical(announced),
      published.targets.length);

    const computed = await compute(published, progress);
    check("commitment", computed.commitment === result.commitment, computed.commitment);
    const given = await Promise.all(contributions.map((contribution) => h(contribution)));
    check("witnesses", given.length === announcement.witnesses.length
      && announcement.witnesses.every((witness, i) => witness.sha256 === given[i]), given.length);
    const named = announcement.public_value !== null;
    const open = published.public !== null && published.public !== undefined;
    check("public", named === open, open ? published.public : "—");
    check("seed", computed.seed === result.seed, computed.seed);
    const sameLength = computed.selected.length === result.selected.length;
    check("selected", sameLength && computed.selected.every((item, i) => sameTarget(item, result.selected[i])),
      computed.selected.length);
    const unstaffed = computed.selected
      .filter((item) => item.inspectors.length < announcement.inspectors_each).map((item) => item.code);
    check("staffing", sameLength && computed.selected.every((item, i) => sameTeam(item, result.selected[i]))
      && canonical(result.unstaffed || unstaffed) === canonical(unstaffed),
      computed.selected.reduce((sum, item) => sum + item.inspectors.length, 0));
    if ((published.replacements || []).length) {
      const wrong = await wrongReplacement(published, computed);
      check("replacements", wrong === null, wrong === null ? published.replacements.length : canonical(wrong));
    }
    return {
      agree: checks.every((one) => one.agree), checks, computed, hashes,
      milliseconds: Math.round(performance.now() - began),
    };
  };

  /* Where a target stands: {stratum, place, size, take, ticket, drawn}, or null when it is not in the roll. */
  const position = (published, computed, code) => {
    for (const { name, take, size } of published.announcement.strata) {
      const at = (computed.queues.get(name) || []).findIndex((item) => item.code === code);
      if (at >= 0) {
        const { ticket } = computed.queues.get(name)[at];
        return { stratum: name, place: at + 1, size, take, ticket, drawn: at < take };
      }
    }
    return null;
  };

  return { verify, position, h, plainSha256, usesWebCrypto: Boolean(subtle) };
})();
