import { hostPattern } from "../core/origins.ts";

/** Asks for a host. Must be the first thing in a click's handler, else Chrome refuses. */
export async function requestHosts(origins: string[]): Promise<boolean> {
  return chrome.permissions.request({ origins: origins.map(hostPattern) });
}

/** Asks for some hosts, and with them for those of the marketplace that Chrome's settings may have withheld. */
export async function requestMissingHosts(origins: string[]): Promise<boolean> {
  const required = chrome.runtime.getManifest().host_permissions ?? [];
  return chrome.permissions.request({ origins: [...new Set([...origins.map(hostPattern), ...required])] });
}

export async function hasHost(origin: string): Promise<boolean> {
  return chrome.permissions.contains({ origins: [hostPattern(origin)] });
}

/** Gives a tenant's host back. A host that the manifest itself names stays. */
export async function forgetHost(origin: string): Promise<void> {
  const pattern = hostPattern(origin);
  const required = chrome.runtime.getManifest().host_permissions ?? [];
  if (!required.includes(pattern)) await chrome.permissions.remove({ origins: [pattern] });
}
