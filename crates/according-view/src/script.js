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
