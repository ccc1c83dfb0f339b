// From a list of problems to the fields: a link to one (#f-…) opens the part of the form that it stands in and puts the cursor
// there; a page that comes back with problems ([data-problem-list]) begins at the first.

export function installProblems(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
    if (link?.closest("[data-problem-list]") && goTo(link.hash)) event.preventDefault();
  });
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-problem-list] a[href^="#"]')) {
    if (goTo(link.hash)) break;
  }
}

function goTo(hash: string): boolean {
  const target = document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return false;
  target.closest("details")?.setAttribute("open", "");
  target.scrollIntoView({ block: "center" });
  const field = target.matches("input, select, textarea") ? target : (target.querySelector<HTMLElement>("input, select, textarea") ?? target);
  field.focus({ preventScroll: true });
  return true;
}
