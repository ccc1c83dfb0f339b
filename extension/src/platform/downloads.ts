import { AppError } from "../core/errors.ts";

const LOOK_EVERY_MS = 300;

/** Saves a file under its own name and waits until it is wholly there. Throws DOWNLOAD_FAILED. */
export async function saveFile(url: string, filename: string): Promise<void> {
  const id = await chrome.downloads.download({ url, filename, conflictAction: "uniquify", saveAs: false });
  for (;;) {
    // Looking is an extension call: it also keeps the worker alive while a large file arrives.
    const [item] = await chrome.downloads.search({ id });
    if (item === undefined) throw new AppError("DOWNLOAD_FAILED", filename);
    if (item.state === "complete") return;
    if (item.state === "interrupted") throw new AppError("DOWNLOAD_FAILED", item.error ?? filename);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
