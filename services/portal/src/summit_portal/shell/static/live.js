// What moves while one looks. Without this script a page says what was so when it was made.
(() => {
  "use strict";
  const language = document.documentElement.lang;
  const number = new Intl.NumberFormat(`${language}-u-nu-latn`);
  const AGAIN = 3000; // milliseconds, after a server has refused

  const follow = (address, hear, last = "") => {
    let source, waiting;
    const open = () => {
      clearTimeout(waiting);
      source = new EventSource(last ? `${address}?after=${last}` : address);
      source.onmessage = ({ data, lastEventId }) => { last = lastEventId; hear(JSON.parse(data)); };
      source.onerror = () => { if (source.readyState === EventSource.CLOSED) waiting = setTimeout(open, AGAIN); };
    };
    const close = () => { clearTimeout(waiting); source.close(); };
    let isHeld = false;
    const go = () => { close(); if (!isHeld && !document.hidden) open(); };
    // A browser has six connections to a site: a page that nobody sees gives its own back, and goes on where it ended.
    document.addEventListener("visibilitychange", go);
    open();
    return (held) => { isHeld = held; go(); };
  };

  for (const board of document.querySelectorAll("[data-figures]")) {
    follow(board.dataset.figures, (figures) => {
      for (const place of board.querySelectorAll("[data-figure]")) {
        place.textContent = number.format(figures[place.dataset.figure]);
      }
    });
  }

  for (const list of document.querySelectorAll("[data-facts]")) {
    const line = document.getElementById(list.dataset.line).content;
    const add = (fact) => {
      const row = line.cloneNode(true);
      row.querySelector("time").dateTime = fact.happened_at;
      row.querySelector("time").textContent = fact.happened_at.slice(0, 19).replace("T", " ") + " UTC";
      for (const place of row.querySelectorAll("[data-part]")) place.textContent = fact[place.dataset.part];
      list.prepend(row);
      while (list.children.length > Number(list.dataset.most)) list.lastElementChild.remove();
    };
    const hold = follow(list.dataset.facts, add, list.dataset.after); // from what the page knows already
    for (const button of document.querySelectorAll(`[data-hold="${list.id}"]`)) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const held = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", held);
        hold(held);
      });
    }
  }
})();
