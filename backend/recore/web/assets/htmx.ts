// htmx under our Content-Security-Policy, with the CSRF header and with our error fragments.
import htmx from "htmx.org";
import { csrfToken } from "./csrf.ts";
import { toast } from "./toast.ts";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;

document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRFToken"] = csrfToken();
});

// Our own refusals come as a fragment with HX-Retarget: #flash; anything else must not land in the page.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean }>).detail;
  if (detail.xhr.status < 400) return;
  detail.shouldSwap = detail.xhr.getResponseHeader("HX-Retarget") !== null && !isQuiet(event);
  if (detail.shouldSwap) {
    detail.isError = false;
    document.querySelector("#flash")?.scrollIntoView({ block: "nearest" });
  } else if (!isQuiet(event)) {
    toast("サーバーが応答できませんでした。少し待ってから、もう一度操作してください。", "danger");
  }
});

document.addEventListener("htmx:sendError", (event) => {
  if (isQuiet(event)) return;
  toast("サーバーにつながりません。ネットワークを確かめてください。", "danger");
});

/** What refreshes itself by the clock stays quiet: the next tick tries again. */
function isQuiet(event: Event): boolean {
  const by = (event as CustomEvent<{ requestConfig?: { elt?: unknown } }>).detail.requestConfig?.elt ?? event.target;
  return by instanceof Element && by.matches("[data-quiet]");
}
