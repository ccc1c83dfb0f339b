/** What the extension and its browser are, and the few pages that it opens. */

export function extensionVersion(): string {
  return chrome.runtime.getManifest().version;
}

const SYSTEMS: Record<string, string> = {
  win: "Windows",
  mac: "Mac",
  linux: "Linux",
  cros: "ChromeOS",
  android: "Android",
};

export async function systemName(): Promise<string> {
  const { os } = await chrome.runtime.getPlatformInfo();
  return SYSTEMS[os] ?? os;
}

/** "Chrome 156 (Windows)" */
export async function browserName(): Promise<string> {
  const major = /Chrom(?:e|ium)\/(\d+)/.exec(navigator.userAgent)?.[1] ?? "?";
  return `Chrome ${major} (${await systemName()})`;
}

export async function openTab(url: string): Promise<void> {
  await chrome.tabs.create({ url });
}

export async function openOptions(): Promise<void> {
  await chrome.runtime.openOptionsPage();
}

export function message(key: string, ...parts: string[]): string {
  return chrome.i18n.getMessage(key, parts);
}

export function uiLanguage(): string {
  return chrome.i18n.getUILanguage();
}
