import { AppError } from "./errors.ts";

/** From each of the marketplace's origins to the sandbox's; empty outside sandbox builds. */
export type OriginTable = Readonly<Record<string, string>>;

function swapOrigin(url: string, from: string, to: string): string | null {
  return url === from || url.startsWith(`${from}/`) || url.startsWith(`${from}?`) ? to + url.slice(from.length) : null;
}

/** The address to fetch for an address that a page contract names. */
export function actualUrl(url: string, table: OriginTable): string {
  for (const [real, sandbox] of Object.entries(table)) {
    const swapped = swapOrigin(url, real, sandbox);
    if (swapped !== null) return swapped;
  }
  return url;
}

/** The address by which page contracts know the one that answered. */
export function canonicalUrl(url: string, table: OriginTable): string {
  for (const [real, sandbox] of Object.entries(table)) {
    const swapped = swapOrigin(url, sandbox, real);
    if (swapped !== null) return swapped;
  }
  return url;
}

function isLocal(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost");
}

/**
 * The origin of the tenant's address as staff typed or pasted it.
 * https only, except on this machine. Throws NOT_CONFIGURED.
 */
export function tenantOrigin(typed: string): string {
  const text = typed.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw new AppError("NOT_CONFIGURED", "", { subject: text });
  }
  const allowed = url.protocol === "https:" || (url.protocol === "http:" && isLocal(url.hostname));
  if (!allowed || url.username !== "" || !(url.hostname.includes(".") || isLocal(url.hostname))) {
    throw new AppError("NOT_CONFIGURED", "", { subject: text });
  }
  return url.origin;
}

/** The pattern under which Chrome grants an origin. A pattern names no port: it stands for all of them. */
export function hostPattern(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}
