// A hidden frame in the site tab: fetches the one file that its ticket stands for and gives it to the page that opened it.
import { call } from "../platform/rpc.ts";

async function fetched(ticket: string): Promise<{ file: File; origin: string }> {
  const { url, name, sha256, origin } = await call("ticketedFile", { ticket });
  const response = await fetch(url, { cache: "no-store", credentials: "omit" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const bytes = await response.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== sha256) throw new Error("other bytes than were stored");
  return { file: new File([bytes], name, { type: "application/zip" }), origin };
}

const ticket = new URLSearchParams(location.search).get("ticket") ?? "";
fetched(ticket).then(
  ({ file, origin }) => parent.postMessage({ file }, origin),
  // Why, and nothing else: whoever framed this page with a ticket of their own learns nothing.
  (thrown: unknown) => parent.postMessage({ error: String(thrown) }, "*"),
);
