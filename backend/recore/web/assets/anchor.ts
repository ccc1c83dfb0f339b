// A link to a field (#f-3-title, #photos) opens what hides it and puts the focus there: what is to be mended can be typed at once.

export function installAnchor(): void {
  window.addEventListener("hashchange", go);
  window.addEventListener("pageshow", go);
}

function go(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let inside = target.closest("details"); inside; inside = inside.parentElement?.closest("details") ?? null) inside.open = true;
  const fields = "input:not([type=hidden]):not(:disabled), select, textarea";
  const field = target.matches(`${fields}, [tabindex]`) ? target : target.querySelector<HTMLElement>(fields);
  if (!field) return;
  field.scrollIntoView({ block: "center" });
  field.focus();
}
