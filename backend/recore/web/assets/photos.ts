// Photos of an item: [data-photo-drop data-url data-strip] takes files by drag, by [data-photo-input] or from the camera,
// several at once, one request per file with its own progress; then the strip is fetched anew. Inside the strip, pictures
// are reordered by dragging or with the [data-move] buttons.
import htmx from "htmx.org";
import { csrfToken, post, readProblem } from "./csrf.ts";
import { toast } from "./toast.ts";

export function installPhotos(): void {
  document.querySelectorAll<HTMLElement>("[data-photo-drop]").forEach((area) => new PhotoArea(area));
}

class PhotoArea {
  private queue: Promise<void> = Promise.resolve();
  private dragged: HTMLElement | null = null;

  constructor(private readonly area: HTMLElement) {
    const input = area.querySelector<HTMLInputElement>("[data-photo-input]");
    input?.addEventListener("change", () => {
      this.add([...(input.files ?? [])]);
      input.value = "";
    });
    area.addEventListener("dragover", (event) => this.over(event));
    area.addEventListener("dragleave", (event) => {
      if (event.target === area) area.classList.remove("is-over");
    });
    area.addEventListener("drop", (event) => this.drop(event));
    area.addEventListener("dragstart", (event) => this.take(event));
    area.addEventListener("dragend", () => this.letGo());
    area.addEventListener("click", (event) => this.step(event));
  }

  // --- new photos ---

  private add(files: File[]): void {
    const images = files.filter((file) => file.type.startsWith("image/") || /\.(heic|heif)$/i.test(file.name));
    if (images.length < files.length) toast("画像ではないファイルは追加しませんでした。", "warning");
    // One after the other: the pictures keep the order in which they were chosen.
    for (const file of images) {
      const row = this.row(file);
      this.queue = this.queue.then(() => this.upload(file, row));
    }
    this.queue = this.queue.then(() => this.refresh());
  }

  private row(file: File): HTMLElement {
    const row = document.createElement("li");
    row.dataset["testid"] = "upload";
    const name = document.createElement("span");
    name.className = "file small";
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `${file.name}のアップロード`);
    row.append(name, bar);
    this.area.querySelector("[data-upload-list]")?.append(row);
    return row;
  }

  private upload(file: File, row: HTMLElement): Promise<void> {
    const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
    const body = new FormData();
    body.append("photo", file, file.name);
    return new Promise((resolve) => {
      request.upload.addEventListener("progress", (event) => {
        const bar = row.querySelector("progress");
        if (bar && event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
      });
      request.addEventListener("loadend", () => {
        if (request.status >= 200 && request.status < 300) row.remove();
        else this.refused(file, row, request);
        resolve();
      });
      request.open("POST", this.area.dataset["url"] ?? "");
      request.setRequestHeader("X-CSRFToken", csrfToken());
      request.setRequestHeader("Accept", "application/json");
      request.timeout = 120_000;
      request.send(body);
    });
  }

  private refused(file: File, row: HTMLElement, request: XMLHttpRequest): void {
    const lost = { message: "サーバーにつながりません。", remedy: "ネットワークを確かめてください。" };
    const problem = request.status === 0 ? lost : readProblem(request.status, request.responseText);
    const text = document.createElement("span");
    text.className = "text-danger small";
    text.role = "alert";
    text.textContent = `${file.name}：${problem.message}${problem.remedy}`;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-sm btn-outline-secondary text-nowrap";
    again.textContent = "もう一度";
    again.addEventListener("click", () => {
      row.remove();
      this.add([file]);
    });
    row.replaceChildren(text, again);
  }

  private async refresh(): Promise<void> {
    await htmx.ajax("get", this.area.dataset["strip"] ?? "", { target: "#photo-strip", swap: "outerHTML" });
  }

  // --- order ---

  private figures(): HTMLElement[] {
    return [...this.area.querySelectorAll<HTMLElement>("figure[data-photo]")];
  }

  private take(event: DragEvent): void {
    this.dragged = event.target instanceof Element ? event.target.closest<HTMLElement>("figure[data-photo]") : null;
    this.dragged?.classList.add("is-dragged");
    event.dataTransfer?.setData("text/plain", this.dragged?.dataset["photo"] ?? "");
  }

  private letGo(): void {
    this.dragged?.classList.remove("is-dragged");
    this.dragged = null;
    for (const each of this.figures()) each.classList.remove("is-target");
    this.area.classList.remove("is-over");
  }

  private over(event: DragEvent): void {
    event.preventDefault();
    if (!this.dragged) {
      this.area.classList.add("is-over");
      return;
    }
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("figure[data-photo]") : null;
    for (const each of this.figures()) each.classList.toggle("is-target", each === target && each !== this.dragged);
  }

  private drop(event: DragEvent): void {
    event.preventDefault();
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("figure[data-photo]") : null;
    const dragged = this.dragged;
    this.letGo();
    if (!dragged) this.add([...(event.dataTransfer?.files ?? [])]);
    else if (target && target !== dragged) {
      const figures = this.figures();
      if (figures.indexOf(dragged) < figures.indexOf(target)) target.after(dragged);
      else target.before(dragged);
      void this.saveOrder();
    }
  }

  private step(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-move]") : null;
    const figure = button?.closest<HTMLElement>("figure[data-photo]");
    if (!button || !figure) return;
    const figures = this.figures();
    const neighbour = figures[figures.indexOf(figure) + Number(button.dataset["move"])];
    if (!neighbour) return;
    if (Number(button.dataset["move"]) < 0) neighbour.before(figure);
    else neighbour.after(figure);
    void this.saveOrder();
  }

  private async saveOrder(): Promise<void> {
    const url = this.area.querySelector<HTMLElement>("[data-order-url]")?.dataset["orderUrl"] ?? "";
    const body = new FormData();
    body.append("order", this.figures().map((each) => each.dataset["photo"]).join(","));
    const { problem } = await post(url, body);
    if (problem) toast(problem.message + problem.remedy, "danger");
    await this.refresh();
  }
}
