/** What a build decides about the manifest. */
export interface BuildContext {
  version: string;
  /** Public key that keeps the id the same on every checkout; null in the store's package. */
  key: string | null;
  /** Patterns of the marketplace's pages that the extension reads. */
  marketplaceHosts: string[];
}

/** The Manifest V3 of the extension. Tenants are asked for one by one, on the options page. */
export function manifest({ version, key, marketplaceHosts }: BuildContext): chrome.runtime.ManifestV3 {
  return {
    manifest_version: 3,
    name: "__MSG_extension_name__",
    description: "__MSG_extension_description__",
    version,
    ...(key === null ? {} : { key }),
    default_locale: "ja",
    minimum_chrome_version: "120",
    icons: { 16: "icons/16.png", 32: "icons/32.png", 48: "icons/48.png", 128: "icons/128.png" },
    action: {
      default_title: "__MSG_extension_name__",
      default_popup: "popup.html",
      default_icon: { 16: "icons/16.png", 32: "icons/32.png" },
    },
    options_page: "options.html",
    background: { service_worker: "background.js", type: "module" },
    permissions: ["alarms", "downloads", "offscreen", "scripting", "storage"],
    // The frame that hands a file to the store's own upload form.
    web_accessible_resources: [{ resources: ["handover.html"], matches: marketplaceHosts }],
    host_permissions: marketplaceHosts,
    optional_host_permissions: ["https://*/*", "http://localhost/*", "http://*.localhost/*"],
  };
}
