/* The public result page: computes the draw again and answers where an institution stands. Words come from the page. */
"use strict";

(() => {
  const card = document.getElementById("verification");
  const finder = document.getElementById("position");
  if (!card || !card.dataset.source) return;

  const verdict = card.querySelector("[data-verdict]");
  const effort = card.querySelector("[data-effort]");
  const bar = card.querySelector("[data-progress]");
  const number = (value) => value.toLocaleString(document.documentElement.lang);
  const filled = (words, values) => words.replace(/\[([A-Z]+)\]/g, (_, name) => values[name]);

  const node = (tag, text, className) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const showProgress = (done, total) => {
    bar.hidden = false;
    bar.max = total;
    bar.value = done;
  };

  const showOutcome = (published, outcome) => {
    bar.hidden = true;
    card.classList.add(outcome.agree ? "agrees" : "differs");
    verdict.textContent = outcome.agree ? verdict.dataset.ok : verdict.dataset.bad;
    effort.textContent = filled(effort.dataset.words, {
      TARGETS: number(published.targets.length),
      HASHES: number(outcome.hashes),
      MS: number(outcome.milliseconds),
    });
    for (const { name, agree, detail } of outcome.checks) {
      const line = card.querySelector(`[data-check="${name}"]`);
      if (!line) continue;
      line.classList.add(agree ? "agrees" : "differs");
      line.append(node("code", detail));
    }
    if (!outcome.agree) card.querySelector("details").open = true;
  };

  const working = (async () => {
    const answer = await fetch(card.dataset.source);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const published = await answer.json();
    const outcome = await globalThis.fundDraw.verify(published, showProgress);
    showOutcome(published, outcome);
    return { published, outcome };
  })();
  working.catch((error) => {
    bar.hidden = true;
    card.classList.add("differs");
    verdict.textContent = `${verdict.dataset.failed} (${error.message})`;
  });

  const answers = finder.querySelector("[data-answer]");
  const label = (stratum) => (finder.querySelector(`[data-stratum="${CSS.escape(stratum)}"]`) || {}).textContent || stratum;

  const showPlace = (name, found) => {
    if (!found) {
      answers.replaceChildren(node("p", `${name} ${finder.dataset.unlisted}`));
      return;
    }
    const line = node("p", `${name}：`);
    line.append(`${filled(finder.dataset.words, {
      PLACE: number(found.place), SIZE: number(found.size), STRATUM: label(found.stratum), TAKE: number(found.take),
    })} `);
    line.append(node("b", found.drawn ? finder.dataset.drawn : finder.dataset.undrawn));
    answers.replaceChildren(line, node("div", found.ticket, "hash"));
  };

  const placeOf = async ({ code, name }) => {
    const { published, outcome } = await working;
    showPlace(name, globalThis.fundDraw.position(published, outcome.computed, code));
  };

  const showChoices = (found) => {
    const list = document.createElement("ul");
    for (const one of found) {
      const choice = node("button", `${one.name}（${one.code}）`);
      choice.type = "button";
      choice.addEventListener("click", () => placeOf(one));
      const item = document.createElement("li");
      item.append(choice);
      list.append(item);
    }
    answers.replaceChildren(list);
  };

  finder.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = new FormData(event.target).get("code").trim();
    if (!text) return;
    const answer = await fetch(`${finder.dataset.names}?q=${encodeURIComponent(text)}`);
    const { found } = await answer.json();
    if (found.length === 1) await placeOf(found[0]);
    else if (found.length) showChoices(found);
    else answers.replaceChildren(node("p", finder.dataset.nobody));
  });
})();
