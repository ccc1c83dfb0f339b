// Photos of an item: [data-photo-area] takes files by drag, by [data-photo-input] or from the camera, several at once, and
// shows their pictures in #photo-strip, which is fetched anew whenever it changed here or anywhere else (a phone). Pictures are
// reordered by dragging with the mouse or a finger, or with the [data-move] buttons.
import htmx from "htmx.org";
import Sortable from "sortablejs";
import { post } from "./csrf.ts";
import { toast } from "./toast.ts";
import { Uploads } from "./uploads.ts";

const LOOK_MS = 3_000;

export function installPhotos(): void {
  document.querySelectorAll<HTMLElement>("[data-photo-area]").forEach((area) => new PhotoArea(area));
}

class PhotoArea {
  private readonly uploads: Uploads;
  private isMoving = false;
  /** The last look was refused (the login or the link is over): no more until somebody comes back to the page. */
  private isShutOut = false;

  constructor(private readonly area: HTMLElement) {
    this.uploads = new Uploads(area, (id, before) => this.added(id, before));
    for (const input of area.querySelectorAll<HTMLInputElement>("[data-photo-input]")) {
      input.addEventListener("change", () => {
        this.uploads.add([...(input.files ?? [])]);
        input.value = "";
      });
    }
    area.addEventListener("dragover", (event) => this.over(event));
    area.addEventListener("dragleave", (event) => {
      if (!(event.relatedTarget instanceof Node && area.contains(event.relatedTarget))) area.classList.remove("is-over");
    });
    area.addEventListener("drop", (event) => this.drop(event));
    area.addEventListener("click", (event) => void this.step(event));
    area.addEventListener("htmx:afterSettle", () => this.letSort());
    area.addEventListener("htmx:afterRequest", (event) => this.looked(event));
    this.letSort();
    setInterval(() => this.look(), LOOK_MS);
    document.addEventListener("visibilitychange", () => {
      this.isShutOut = false;
      this.look();
    });
  }

  // --- what changed elsewhere ---

  private look(): void {
    if (document.hidden || this.isShutOut || this.isMoving || this.uploads.areRunning) return;
    const strip = this.area.querySelector("#photo-strip");
    if (strip) htmx.trigger(strip, "look");
  }

  private looked(event: Event): void {
    if (!(event.target instanceof Element) || event.target.id !== "photo-strip") return;
    const { status, responseText } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    this.isShutOut = status >= 400 && status < 500;
    const notice = this.area.querySelector("[data-photo-notice]");
    if (!notice) return;
    if (!this.isShutOut) notice.replaceChildren();
    else if (status !== 401) notice.innerHTML = responseText; // that the login is over, the form beside it says
  }

  private async refresh(): Promise<void> {
    await htmx.ajax("get", this.area.dataset["strip"] ?? "", { target: "#photo-strip", swap: "outerHTML" });
  }

  // --- new photos ---

  private over(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.area.classList.add("is-over");
  }

  private drop(event: DragEvent): void {
    this.area.classList.remove("is-over");
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.uploads.add([...event.dataTransfer.files]);
  }

  /** A photo is on the server; one that was sent again goes back in front of those that were chosen after it. */
  private async added(id: number, before: number | undefined): Promise<void> {
    await this.refresh();
    const figure = this.figure(id);
    const next = before === undefined ? null : this.figure(before);
    if (!figure || !next) return;
    next.before(figure);
    await this.saveOrder();
  }

  // --- order ---

  private figures(): HTMLElement[] {
    return [...this.area.querySelectorAll<HTMLElement>("figure[data-photo]")];
  }

  private figure(id: number | string): HTMLElement | null {
    return this.area.querySelector<HTMLElement>(`figure[data-photo="${id}"]`);
  }

  private letSort(): void {
    const list = this.area.querySelector<HTMLElement>("[data-photos]");
    if (!list || Sortable.get(list)) return;
    Sortable.create(list, {
      draggable: "figure[data-photo]",
      filter: "button",
      preventOnFilter: false,
      forceFallback: true, // alike for mouse and finger
      fallbackTolerance: 4,
      delay: 200, // a finger that scrolls moves no picture
      delayOnTouchOnly: true,
      animation: 120,
      ghostClass: "is-dragged",
      onStart: () => (this.isMoving = true),
      onEnd: ({ oldIndex, newIndex }) => {
        this.isMoving = false;
        if (oldIndex !== newIndex) void this.saveOrder();
      },
    });
  }

  private async step(event: Event): Promise<void> {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-move]") : null;
    const figure = button?.closest<HTMLElement>("figure[data-photo]");
    if (!button || !figure) return;
    const figures = this.figures();
    const by = Number(button.dataset["move"]);
    const neighbour = figures[figures.indexOf(figure) + by];
    if (!neighbour) return;
    if (by < 0) neighbour.before(figure);
    else neighbour.after(figure);
    await this.saveOrder();
    const moved = this.figure(figure.dataset["photo"] ?? "");
    const again = moved?.querySelector<HTMLElement>(`[data-move="${by}"]:not(:disabled)`) ?? moved?.querySelector<HTMLElement>("[data-move]:not(:disabled)");
    again?.focus();
    const status = this.area.querySelector("[data-photo-status]");
    if (moved && status) status.textContent = `${this.figures().indexOf(moved) + 1}枚目に動かしました。`;
  }

  private async saveOrder(): Promise<void> {
    const body = new FormData();
    body.append("order", this.figures().map((each) => each.dataset["photo"]).join(","));
    const { problem } = await post(this.area.dataset["order"] ?? "", body);
    if (problem) toast(problem.message + problem.remedy, "danger");
    await this.refresh();
  }
}
