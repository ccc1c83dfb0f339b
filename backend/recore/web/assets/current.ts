// A strip that scrolls (tabs on a phone, the menu on a low screen) starts where the page stands that is open.
const CURRENT = ".nav-tabs .nav-link.active, .sidebar nav [aria-current=page]";

export function installCurrent(): void {
  for (const link of document.querySelectorAll<HTMLElement>(CURRENT)) {
    const strip = link.closest<HTMLElement>(".nav-tabs, .sidebar nav");
    if (!strip) continue;
    const [inside, outside] = [link.getBoundingClientRect(), strip.getBoundingClientRect()];
    strip.scrollLeft += inside.left - outside.left - (outside.width - inside.width) / 2;
    if (inside.bottom > outside.bottom) strip.scrollTop += inside.bottom - outside.bottom + inside.height;
  }
}
