"use strict";
// Keys and hovering. The page is whole without this.
(() => {
  const refs = [...document.querySelectorAll("a.ref")];
  if (!refs.length) return;
  const note = (id) => document.getElementById(id);
  let lit = null;
  const light = (id) => {
    if (id === lit) return;
    for (const old of document.querySelectorAll(".lit")) old.classList.remove("lit");
    lit = id;
    if (!id) return;
    note(id)?.classList.add("lit");
    for (const part of document.getElementsByClassName(id)) part.classList.add("lit");
  };
  // The innermost claim under the pointer: the one whose words are fewest.
  const length = (id) => [...document.getElementsByClassName(id)]
    .reduce((sum, part) => sum + part.textContent.length, 0);
  const claims = (part) => [...part.classList].filter((name) => /^C\d+$/.test(name));
  const inner = (part) => claims(part).sort((a, b) => length(a) - length(b))[0];
  // Scrolling moves other words under a pointer that rests: only one that moves counts.
  let spot = "";
  document.addEventListener("pointerover", (event) => {
    const before = spot;
    spot = `${event.clientX} ${event.clientY}`;
    if (event.pointerType === "touch" || before === spot) return;
    const card = event.target.closest(".note");
    const part = event.target.closest(".m");
    if (card) light(card.id);
    else if (part && claims(part).length) light(inner(part));
    else if (!document.activeElement?.matches("a.ref")) light(null);
  });
  document.addEventListener("pointerdown", (event) => {
    spot = `${event.clientX} ${event.clientY}`;
  });
  document.addEventListener("focusin", (event) => {
    const ref = event.target.closest("a.ref, .note a.id");
    if (ref) light(ref.matches(".ref") ? ref.hash.slice(1) : ref.closest(".note").id);
  });
  let at = -1;
  const go = (step) => {
    const here = refs.indexOf(document.activeElement);
    at = here < 0 ? at : here;
    at = Math.min(refs.length - 1, Math.max(0, at + step));
    const gentle = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    refs[at].focus({ preventScroll: true });
    refs[at].scrollIntoView({ block: "center", behavior: gentle });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "Escape") {
      light(null);
      document.activeElement?.blur();
      if (/^#C\d+$/.test(location.hash)) location.hash = "story";
    } else return;
    event.preventDefault();
  });
  for (const keys of document.querySelectorAll(".keys")) keys.hidden = false;
})();
// Files may be dropped where they are chosen.
for (const drop of document.querySelectorAll(".drop")) {
  const input = drop.querySelector("input");
  const over = (is) => (event) => { event.preventDefault(); drop.classList.toggle("over", is); };
  drop.addEventListener("dragover", over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => {
    over(false)(event);
    input.files = event.dataTransfer.files;
  });
}
// What is being read is told as it comes. The server escapes what it sends, and the policy of
// the page lets no script of theirs run.
(() => {
  const parts = ["progress", "items"];
  const ask = async () => {
    try {
      const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of parts) {
        const [now, then] = [page.getElementById(id), document.getElementById(id)];
        if (now && then && now.innerHTML !== then.innerHTML) {
          then.replaceChildren(...now.childNodes);
        }
      }
      if (page.querySelector("main[data-live]")) setTimeout(ask, 500);
      else document.querySelector("main").removeAttribute("data-live");
    } catch {
      setTimeout(ask, 3000);
    }
  };
  if (document.querySelector("main[data-live]")) setTimeout(ask, 300);
})();
// The sliders of the map: places and claims of the days between them.
(() => {
  const time = document.querySelector(".time[data-days]");
  if (!time) return;
  const days = time.dataset.days.split(" ");
  const sliders = time.querySelector(".sliders");
  const [first, last] = sliders.querySelectorAll("input");
  const output = sliders.querySelector("output");
  const cards = [...document.querySelectorAll("li.card[id^=spot-]")];
  const show = (moved) => {
    if (+first.value > +last.value) (moved === first ? last : first).value = moved.value;
    const [from, to] = [days[first.value], days[last.value]];
    const is_all = +first.value === 0 && +last.value === days.length - 1;
    first.setAttribute("aria-valuetext", from);
    last.setAttribute("aria-valuetext", to);
    let claims = 0;
    for (const card of cards) {
      let here = 0;
      for (const claim of card.querySelectorAll(".refs a")) {
        const day = claim.dataset.day;
        claim.hidden = !(day ? day >= from && day <= to : is_all);
        if (!claim.hidden) here += 1;
      }
      card.hidden = !here;
      card.querySelector(".n").textContent = here === 1 ? "1 claim" : `${here} claims`;
      const spot = document.querySelector(`a.on-map[href="#${card.id}"]`);
      spot?.classList.toggle("out", !here);
      claims += here;
    }
    output.textContent = `${from === to ? from : `${from} to ${to}`}: ${claims === 1 ? "1 claim" : `${claims} claims`}`;
  };
  for (const slider of [first, last]) slider.addEventListener("input", () => show(slider));
  sliders.hidden = false;
  show(first);
})();
